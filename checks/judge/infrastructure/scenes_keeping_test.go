package infrastructure_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws/awstest"
)

var latestRestorable = regexp.MustCompile(`<LatestRestorableTime>[^<]*</LatestRestorableTime>`)

// restorable puts another newest restorable time into RDS's answers, or none.
func restorable(at string) awstest.Rule {
	element := ""
	if at != "" {
		element = "<LatestRestorableTime>" + at + "</LatestRestorableTime>"
	}
	return awstest.Rewrite(func(body string) string { return latestRestorable.ReplaceAllString(body, element) })
}

func (w *world) keepingScenes() []checkstest.Scene {
	mutable := func(m ecrtypes.ImageTagMutability) *ecr.PutImageTagMutabilityInput {
		return &ecr.PutImageTagMutabilityInput{RepositoryName: &w.target.Repositories[0], ImageTagMutability: m}
	}
	return []checkstest.Scene{
		{
			Checker: "efs-ready", Found: "mount targets are available in 2 zones",
			Break: func(t *testing.T) {
				_, err := w.efs.DeleteMountTarget(t.Context(), &efs.DeleteMountTargetInput{MountTargetId: &w.mountTargets[0]})
				require.NoError(t, err)
				t.Cleanup(func() { w.mount(t, w.data[0]) })
			},
			Blind: w.denied("elasticfilesystem:DescribeMountTargets"), Why: "denied",
		},
		{
			Checker: "backup-plan", Found: "it has no lock",
			Break: func(t *testing.T) {
				_, err := w.vault.DeleteBackupVaultLockConfiguration(t.Context(), &backup.DeleteBackupVaultLockConfigurationInput{BackupVaultName: &w.target.BackupVault})
				require.NoError(t, err)
				t.Cleanup(func() { w.lock(t) })
			},
			Blind: w.denied("backup:GetBackupPlan"), Why: "denied",
		},
		{
			Checker: "backup-recovery-points", Break: w.answer("backup:ListRecoveryPointsByBackupVault", points(time.Now().AddDate(0, 0, -5))), Found: "5 days ago",
			Blind: w.hangs("backup:*"), Why: "timed out",
		},
		{
			Checker: "backup-restore-tested", Break: w.answer("backup:ListRestoreJobs", restores("FAILED")), Found: "found wrong",
			Blind: w.answer("backup:ListRestoreJobs", restores("TIMED_OUT")), Why: "nobody has said",
		},
		{
			Checker: "ecr-repositories", Found: "tags can be moved",
			Break: func(t *testing.T) {
				change(t, w.ecr.PutImageTagMutability, mutable(ecrtypes.ImageTagMutabilityMutable), mutable(ecrtypes.ImageTagMutabilityImmutable))
			},
			Blind: w.denied("ecr:DescribeRepositories"), Why: "denied",
		},
		{
			Checker: "ecr-scans", Break: w.answer("ecr:DescribeImageScanFindings", awstest.Replace(`"HIGH"`, `"CRITICAL"`)), Found: "severity CRITICAL",
			Blind: w.denied("ecr:DescribeImageScanFindings"), Why: "denied",
		},
		{
			Checker: "s3-guarded", Found: "versioning is Suspended",
			Break: func(t *testing.T) {
				name := w.target.Buckets["backups"]
				change(t, w.s3.PutBucketVersioning, versioned(name, s3types.BucketVersioningStatusSuspended), versioned(name, s3types.BucketVersioningStatusEnabled))
			},
			Blind: w.denied("s3:GetBucketVersioning"), Why: "denied",
		},
		{
			Checker: "s3-retention", Found: "it keeps logs 3 days",
			Break: func(t *testing.T) {
				name := w.target.Buckets["logs"]
				change(t, w.s3.PutBucketLifecycleConfiguration, kept(name, 3, true), kept(name, 365, true))
			},
			Blind: w.denied("s3:GetBucketLifecycleConfiguration"), Why: "denied",
		},
	}
}
