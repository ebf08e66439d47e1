package aws

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"gatehouse/checks/evidence"
)

func readerOfStores(d data) evidence.Reader {
	return evidence.Read(evidence.AWSStores,
		d.statement("rds:DescribeDBInstances, elasticache:DescribeReplicationGroups, efs:DescribeFileSystems, s3:GetBucketTagging, s3:GetBucketEncryption", "the environment's stores"),
		func(ctx context.Context) ([]evidence.Store, error) { return d.stores.get(ctx, d.findStores) })
}

// findStores reads each kind at the same time; what one cannot tell does not
// keep the others from it.
func (d data) findStores(ctx context.Context) ([]evidence.Store, error) {
	kinds := []func(context.Context) ([]evidence.Store, error){d.databases, d.caches, d.filesystems, d.buckets}
	parts := make([][]evidence.Store, len(kinds))
	_, err := each(ctx, []int{0, 1, 2, 3}, func(ctx context.Context, i int) (_ struct{}, err error) {
		parts[i], err = kinds[i](ctx)
		return struct{}{}, err
	})
	return slices.Concat(parts...), err
}

// databases are the primary and its replicas.
func (d data) databases(ctx context.Context) ([]evidence.Store, error) {
	if d.target.Database == "" {
		return nil, nil
	}
	var found []evidence.Store
	list := rds.NewDescribeDBInstancesPaginator(rds.NewFromConfig(d.config), &rds.DescribeDBInstancesInput{})
	err := pages(ctx, list, func(page *rds.DescribeDBInstancesOutput) {
		for _, i := range page.DBInstances {
			if !slices.Contains([]string{aws.ToString(i.DBInstanceIdentifier), aws.ToString(i.ReadReplicaSourceDBInstanceIdentifier)}, d.target.Database) {
				continue
			}
			store := evidence.Store{
				Kind: "RDS", Name: aws.ToString(i.DBInstanceIdentifier),
				Encrypted: aws.ToBool(i.StorageEncrypted), Key: aws.ToString(i.KmsKeyId),
			}
			for _, tag := range i.TagList {
				classify(&store, aws.ToString(tag.Key), aws.ToString(tag.Value))
			}
			found = append(found, store)
		}
	})
	return found, err
}

func (d data) caches(ctx context.Context) ([]evidence.Store, error) {
	if d.target.Cache == "" {
		return nil, nil
	}
	client := elasticache.NewFromConfig(d.config)
	got, err := client.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: aws.String(d.target.Cache)})
	if err != nil {
		return nil, err
	}
	var found []evidence.Store
	for _, g := range got.ReplicationGroups {
		store := evidence.Store{
			Kind: "ElastiCache", Name: aws.ToString(g.ReplicationGroupId),
			Encrypted: aws.ToBool(g.AtRestEncryptionEnabled), Key: aws.ToString(g.KmsKeyId),
		}
		tags, err := client.ListTagsForResource(ctx, &elasticache.ListTagsForResourceInput{ResourceName: g.ARN})
		if err != nil {
			return found, err
		}
		for _, tag := range tags.TagList {
			classify(&store, aws.ToString(tag.Key), aws.ToString(tag.Value))
		}
		found = append(found, store)
	}
	return found, nil
}

func (d data) filesystems(ctx context.Context) ([]evidence.Store, error) {
	if d.target.Filesystem == "" {
		return nil, nil
	}
	got, err := efs.NewFromConfig(d.config).DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{FileSystemId: aws.String(d.target.Filesystem)})
	if err != nil {
		return nil, err
	}
	var found []evidence.Store
	for _, f := range got.FileSystems {
		store := evidence.Store{
			Kind: "EFS", Name: aws.ToString(f.FileSystemId), Encrypted: aws.ToBool(f.Encrypted), Key: aws.ToString(f.KmsKeyId),
		}
		for _, tag := range f.Tags {
			classify(&store, aws.ToString(tag.Key), aws.ToString(tag.Value))
		}
		found = append(found, store)
	}
	return found, nil
}

func (d data) buckets(ctx context.Context) ([]evidence.Store, error) {
	client := s3.NewFromConfig(d.config, func(o *s3.Options) { o.UsePathStyle = d.target.Endpoint != "" })
	return each(ctx, slices.Sorted(maps.Keys(d.target.Buckets)), func(ctx context.Context, purpose string) (evidence.Store, error) {
		name := d.target.Buckets[purpose]
		store := evidence.Store{Kind: "S3", Name: name, Purpose: purpose}
		tags, err := client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: aws.String(name)})
		if err != nil && !hasCode(err, "NoSuchTagSet") {
			return store, err
		}
		if err == nil {
			for _, tag := range tags.TagSet {
				classify(&store, aws.ToString(tag.Key), aws.ToString(tag.Value))
			}
		}
		encryption, wrong := client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(name)})
		if hasCode(wrong, "ServerSideEncryptionConfigurationNotFoundError") {
			return store, nil
		}
		if wrong != nil {
			return store, wrong
		}
		if c := encryption.ServerSideEncryptionConfiguration; c != nil {
			for _, rule := range c.Rules {
				if by := rule.ApplyServerSideEncryptionByDefault; by != nil {
					store.Encrypted, store.Key = true, aws.ToString(by.KMSMasterKeyID)
				}
			}
		}
		return store, nil
	})
}

func classify(store *evidence.Store, key, value string) {
	if key == evidence.ClassificationTag {
		store.Classification = value
	}
}
