package infrastructure_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	backuptypes "github.com/aws/aws-sdk-go-v2/service/backup/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"gatehouse/checks/collect/aws/awstest"
)

const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",` +
	`"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":7,"digest":"sha256:%064d"},"layers":[]}`

func (w *world) makeImages(t *testing.T) {
	for i, name := range w.target.Repositories {
		must[*ecr.CreateRepositoryOutput](t)(w.ecr.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{
			RepositoryName: &name, ImageTagMutability: ecrtypes.ImageTagMutabilityImmutable,
			ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true},
		}))
		must[*ecr.PutImageOutput](t)(w.ecr.PutImage(t.Context(), &ecr.PutImageInput{
			RepositoryName: &name, ImageTag: aws.String("1.0.0"), ImageManifest: aws.String(fmt.Sprintf(manifest, i)),
		}))
		must[*ecr.StartImageScanOutput](t)(w.ecr.StartImageScan(t.Context(), &ecr.StartImageScanInput{
			RepositoryName: &name, ImageId: &ecrtypes.ImageIdentifier{ImageTag: aws.String("1.0.0")},
		}))
	}
}

func (w *world) makeBackup(t *testing.T) {
	name := &w.target.BackupVault
	must[*backup.CreateBackupVaultOutput](t)(w.vault.CreateBackupVault(t.Context(), &backup.CreateBackupVaultInput{BackupVaultName: name}))
	w.lock(t)
	must[*backup.CreateBackupPlanOutput](t)(w.vault.CreateBackupPlan(t.Context(), &backup.CreateBackupPlanInput{BackupPlan: &backuptypes.BackupPlanInput{
		BackupPlanName: name, Rules: []backuptypes.BackupRuleInput{{
			RuleName: aws.String("daily"), TargetBackupVaultName: name, ScheduleExpression: aws.String("cron(0 4 * * ? *)"),
			Lifecycle: &backuptypes.Lifecycle{DeleteAfterDays: aws.Int64(35)},
		}},
	}}))
}

func (w *world) lock(t *testing.T) {
	must[*backup.PutBackupVaultLockConfigurationOutput](t)(w.vault.PutBackupVaultLockConfiguration(background, &backup.PutBackupVaultLockConfigurationInput{
		BackupVaultName: &w.target.BackupVault, MinRetentionDays: aws.Int64(7),
	}))
}

func (w *world) makeBuckets(t *testing.T) {
	for _, purpose := range []string{"backups", "audit", "logs", "plugins"} {
		name := "gatehouse-test-" + purpose
		w.target.Buckets[purpose] = name
		must[*s3.CreateBucketOutput](t)(w.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: &name, ObjectLockEnabledForBucket: aws.Bool(purpose == "audit"),
			CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
		}))
		must[*s3.PutBucketVersioningOutput](t)(w.s3.PutBucketVersioning(t.Context(), versioned(name, s3types.BucketVersioningStatusEnabled)))
		must[*s3.PutBucketEncryptionOutput](t)(w.s3.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
			Bucket: &name, ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
				ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms},
			}}},
		}))
		must[*s3.PutPublicAccessBlockOutput](t)(w.s3.PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{
			Bucket: &name, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
				BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
			},
		}))
		must[*s3.PutBucketLifecycleConfigurationOutput](t)(w.s3.PutBucketLifecycleConfiguration(t.Context(), kept(name, 365, purpose != "plugins")))
	}
	must[*s3.PutObjectLockConfigurationOutput](t)(w.s3.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
		Bucket: aws.String("gatehouse-test-audit"), ObjectLockConfiguration: &s3types.ObjectLockConfiguration{
			ObjectLockEnabled: s3types.ObjectLockEnabledEnabled,
			Rule:              &s3types.ObjectLockRule{DefaultRetention: &s3types.DefaultRetention{Mode: s3types.ObjectLockRetentionModeCompliance, Days: aws.Int32(365)}},
		},
	}))
}

func versioned(name string, status s3types.BucketVersioningStatus) *s3.PutBucketVersioningInput {
	return &s3.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: status}}
}

// kept is a lifecycle that ends what a bucket keeps.
func kept(name string, days int32, current bool) *s3.PutBucketLifecycleConfigurationInput {
	rule := s3types.LifecycleRule{
		ID: aws.String("all"), Status: s3types.ExpirationStatusEnabled, Filter: &s3types.LifecycleRuleFilter{Prefix: aws.String("")},
		NoncurrentVersionExpiration: &s3types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(30)},
	}
	if current {
		rule.Expiration = &s3types.LifecycleExpiration{Days: &days}
	}
	return &s3.PutBucketLifecycleConfigurationInput{Bucket: &name, LifecycleConfiguration: &s3types.BucketLifecycleConfiguration{Rules: []s3types.LifecycleRule{rule}}}
}

// answers are AWS's, in its own wire form, to what the emulator does not have.
func (w *world) answers(t *testing.T) {
	w.proxy.Set(t, "eks:DescribeClusterVersions", versions(time.Now().AddDate(1, 0, 0)))
	w.proxy.Set(t, "ec2:DescribeClientVpnEndpoints", w.vpn("available"))
	w.proxy.Set(t, "rds:DescribeDBInstances", awstest.Replace("<DBInstanceStatus>",
		"<PerformanceInsightsEnabled>true</PerformanceInsightsEnabled><MonitoringInterval>30</MonitoringInterval><DBInstanceStatus>"))
	w.proxy.Set(t, "elasticache:DescribeSnapshots", awstest.Replace("<SnapshotStatus>", "<NodeSnapshots><NodeSnapshot><SnapshotCreateTime>"+
		time.Now().UTC().Format(time.RFC3339)+"</SnapshotCreateTime></NodeSnapshot></NodeSnapshots><SnapshotStatus>"))
	w.proxy.Set(t, "backup:ListRecoveryPointsByBackupVault", points(time.Now().Add(-6*time.Hour)))
	w.proxy.Set(t, "backup:ListRestoreJobs", restores("SUCCESSFUL"))
}

// versions is EKS's answer to DescribeClusterVersions; times are in seconds.
func versions(ends time.Time) awstest.Rule {
	return awstest.JSON(map[string]any{"clusterVersions": []any{map[string]any{
		"clusterVersion": "1.35", "versionStatus": "STANDARD_SUPPORT", "endOfStandardSupportDate": ends.Unix(), "endOfExtendedSupportDate": ends.AddDate(1, 0, 0).Unix(),
	}}})
}

func (w *world) vpn(status string) awstest.Rule {
	return awstest.Answer("text/xml", `<DescribeClientVpnEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><clientVpnEndpoint><item>`+
		`<clientVpnEndpointId>cvpn-endpoint-1</clientVpnEndpointId><status><code>`+status+`</code></status><vpcId>`+w.target.VPC+`</vpcId>`+
		`<authenticationOptions><item><type>certificate-authentication</type></item></authenticationOptions>`+
		`<connectionLogOptions><Enabled>true</Enabled></connectionLogOptions></item></clientVpnEndpoint></DescribeClientVpnEndpointsResponse>`)
}

func points(at time.Time) awstest.Rule {
	point := func(kind string) any {
		return map[string]any{
			"ResourceArn": "arn:aws:" + kind + ":::store", "ResourceType": kind, "Status": "COMPLETED", "CreationDate": at.Unix(), "IsEncrypted": true,
		}
	}
	return awstest.JSON(map[string]any{"RecoveryPoints": []any{point("RDS"), point("EFS")}})
}

func restores(validation string) awstest.Rule {
	job := func(kind string) any {
		return map[string]any{
			"RestoreJobId": "job-" + kind, "ResourceType": kind, "Status": "COMPLETED", "CreationDate": time.Now().Add(-48 * time.Hour).Unix(),
			"ValidationStatus": validation, "CreatedBy": map[string]any{"RestoreTestingPlanArn": "arn:aws:backup:us-west-2:123456789012:restore-testing-plan:weekly"},
		}
	}
	return awstest.JSON(map[string]any{"RestoreJobs": []any{job("RDS"), job("EFS")}})
}
