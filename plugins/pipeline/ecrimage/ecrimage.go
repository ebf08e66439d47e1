// Package ecrimage finds images in Amazon ECR. It is a package of its own so that what
// looks for none links no AWS SDK.
package ecrimage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/internal/awsfault"
)

// Registry is the account's registry. It needs ecr:DescribeImages on its repositories.
type Registry struct{ client *ecr.Client }

var _ pipeline.Images = (*Registry)(nil)

// New is the registry of the configuration's account and region.
func New(cfg aws.Config) *Registry { return &Registry{ecr.NewFromConfig(cfg)} }

// Digest is what a tag of a repository (its name, without the registry) points at.
func (r *Registry) Digest(ctx context.Context, repository, tag string) (string, error) {
	out, err := r.client.DescribeImages(ctx, &ecr.DescribeImagesInput{
		RepositoryName: &repository, ImageIds: []types.ImageIdentifier{{ImageTag: &tag}},
	})
	if err != nil {
		return "", awsfault.Explain("ecr:DescribeImages", err)
	}
	if len(out.ImageDetails) != 1 {
		return "", fmt.Errorf("%w: %d images have the tag", pipeline.ErrInvalid, len(out.ImageDetails))
	}
	return aws.ToString(out.ImageDetails[0].ImageDigest), nil
}
