package compliance_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	ectypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

// makeStores makes one store of each kind, classified and encrypted by the key.
func (w *world) makeStores(t *testing.T) {
	tag, class := aws.String(evidence.ClassificationTag), aws.String("confidential")
	w.target.Database, w.target.Cache = prefix+"-postgres", prefix+"-redis"
	w.target.Buckets = map[string]string{"backups": prefix + "-backups", "logs": prefix + "-logs"}

	_, err := rds.NewFromConfig(w.config).CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String(w.target.Database), DBInstanceClass: aws.String("db.t4g.medium"), Engine: aws.String("postgres"),
		AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("gatehouse"), MasterUserPassword: aws.String("not-a-secret"),
		StorageEncrypted: aws.Bool(true), KmsKeyId: aws.String(w.key), Tags: []rdstypes.Tag{{Key: tag, Value: class}},
	})
	require.NoError(t, err)
	_, err = elasticache.NewFromConfig(w.config).CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String(w.target.Cache), ReplicationGroupDescription: aws.String("test"), Engine: aws.String("redis"),
		CacheNodeType: aws.String("cache.t4g.small"), AtRestEncryptionEnabled: aws.Bool(true), KmsKeyId: aws.String(w.key),
		Tags: []ectypes.Tag{{Key: tag, Value: class}},
	})
	require.NoError(t, err)
	made, err := efs.NewFromConfig(w.config).CreateFileSystem(t.Context(), &efs.CreateFileSystemInput{
		CreationToken: aws.String("test"), Encrypted: aws.Bool(true), KmsKeyId: aws.String(w.key), Tags: []efstypes.Tag{{Key: tag, Value: class}},
	})
	require.NoError(t, err)
	w.target.Filesystem = aws.ToString(made.FileSystemId)

	for _, purpose := range []string{"backups", "logs"} {
		_, err := w.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket:                    aws.String(w.target.Buckets[purpose]),
			CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"},
		})
		require.NoError(t, err)
		w.classify(t, purpose)
	}
	w.encrypt(t, "backups", s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(w.key)})
	w.encrypt(t, "logs", s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256})
}

func (w *world) classify(t *testing.T, purpose string) {
	t.Helper()
	_, err := w.s3.PutBucketTagging(context.Background(), &s3.PutBucketTaggingInput{
		Bucket: aws.String(w.target.Buckets[purpose]),
		Tagging: &s3types.Tagging{TagSet: []s3types.Tag{
			{Key: aws.String(evidence.ClassificationTag), Value: aws.String("confidential")},
		}},
	})
	require.NoError(t, err)
}

func (w *world) encrypt(t *testing.T, purpose string, by s3types.ServerSideEncryptionByDefault) {
	t.Helper()
	_, err := w.s3.PutBucketEncryption(context.Background(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(w.target.Buckets[purpose]),
		ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
			Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &by}},
		},
	})
	require.NoError(t, err)
}
