package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"gatehouse/checks/evidence"
)

func readersOfECR(c *Collector) []evidence.Reader {
	client := ecr.NewFromConfig(c.config)
	images := newShared[[]repositoryImages]()
	all := func(ctx context.Context) ([]repositoryImages, error) {
		if len(c.target.Repositories) == 0 {
			return nil, missing("ECR repositories", "repositories")
		}
		return images.get(ctx, func(ctx context.Context) ([]repositoryImages, error) {
			return each(ctx, c.target.Repositories, func(ctx context.Context, name string) (repositoryImages, error) {
				return readImages(ctx, client, name)
			})
		})
	}
	return []evidence.Reader{
		evidence.Read(evidence.AWSRepositories, c.statement("ecr:DescribeRepositories, ecr:DescribeImages", ""), func(ctx context.Context) ([]evidence.Repository, error) {
			images, imagesErr := all(ctx)
			repositories, err := each(ctx, images, func(ctx context.Context, i repositoryImages) (evidence.Repository, error) {
				return readRepository(ctx, client, i)
			})
			return repositories, errors.Join(imagesErr, err)
		}),
		evidence.Read(evidence.AWSImageScans, c.statement("ecr:DescribeImages, ecr:DescribeImageScanFindings", ""), func(ctx context.Context) ([]evidence.RegistryScan, error) {
			images, imagesErr := all(ctx)
			scans, err := each(ctx, images, func(ctx context.Context, i repositoryImages) (*evidence.RegistryScan, error) {
				return readScan(ctx, client, i)
			})
			found := []evidence.RegistryScan{}
			for _, scan := range scans {
				if scan != nil {
					found = append(found, *scan)
				}
			}
			return found, errors.Join(imagesErr, err)
		}),
	}
}

// repositoryImages are the newest images of a repository.
type repositoryImages struct {
	name   string
	images []evidence.RegistryImage
}

func readImages(ctx context.Context, client *ecr.Client, name string) (repositoryImages, error) {
	r := repositoryImages{name: name, images: []evidence.RegistryImage{}}
	err := pages(ctx, ecr.NewDescribeImagesPaginator(client, &ecr.DescribeImagesInput{RepositoryName: &name, MaxResults: aws.Int32(1000)}), func(page *ecr.DescribeImagesOutput) {
		for _, i := range page.ImageDetails {
			r.images = append(r.images, evidence.RegistryImage{
				Digest: aws.ToString(i.ImageDigest), Tags: i.ImageTags, Pushed: aws.ToTime(i.ImagePushedAt),
			})
		}
		slices.SortStableFunc(r.images, func(a, b evidence.RegistryImage) int { return b.Pushed.Compare(a.Pushed) })
		r.images = r.images[:min(len(r.images), evidence.MostImages)]
	})
	return r, err
}

func readRepository(ctx context.Context, client *ecr.Client, i repositoryImages) (evidence.Repository, error) {
	out, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{i.name}})
	if err != nil {
		return evidence.Repository{}, err
	}
	if len(out.Repositories) != 1 {
		return evidence.Repository{}, evidence.Problem{Kind: evidence.Invalid, Message: "ecr:DescribeRepositories did not answer with the one repository " + i.name}
	}
	r := out.Repositories[0]
	return evidence.Repository{
		Name: i.name, Images: i.images,
		Immutable:  r.ImageTagMutability == types.ImageTagMutabilityImmutable,
		ScanOnPush: r.ImageScanningConfiguration != nil && r.ImageScanningConfiguration.ScanOnPush,
	}, nil
}

// readScan reads the scan of the newest tagged image; nil when there is no image.
func readScan(ctx context.Context, client *ecr.Client, i repositoryImages) (*evidence.RegistryScan, error) {
	at := slices.IndexFunc(i.images, func(image evidence.RegistryImage) bool { return len(image.Tags) > 0 })
	if at < 0 {
		return nil, nil //nolint:nilnil // no image is no error
	}
	image := i.images[at]
	scan := &evidence.RegistryScan{Repository: i.name, Image: image.Tags[0], Status: "NONE"}
	out, err := client.DescribeImageScanFindings(ctx, &ecr.DescribeImageScanFindingsInput{
		RepositoryName: &i.name, ImageId: &types.ImageIdentifier{ImageDigest: &image.Digest}, MaxResults: aws.Int32(1),
	})
	switch {
	case hasCode(err, "ScanNotFoundException"):
		return scan, nil
	case err != nil:
		return nil, err
	}
	if out.ImageScanStatus != nil {
		scan.Status = string(out.ImageScanStatus.Status)
	}
	if f := out.ImageScanFindings; f != nil {
		scan.Completed, scan.Findings = aws.ToTime(f.ImageScanCompletedAt), map[string]int{}
		for severity, count := range f.FindingSeverityCounts {
			scan.Findings[severity] = int(count)
		}
	}
	return scan, nil
}
