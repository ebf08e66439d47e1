package aws

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"gatehouse/checks/evidence"
)

func readersOfBackup(c *Collector) []evidence.Reader {
	client := backup.NewFromConfig(c.config)
	vault := c.target.BackupVault
	return []evidence.Reader{
		evidence.Read(evidence.AWSBackupPlans, c.statement("backup:ListBackupPlans, backup:GetBackupPlan", ""), func(ctx context.Context) ([]evidence.BackupPlan, error) {
			return c.backupPlans(ctx, client)
		}),
		evidence.Read(evidence.AWSBackupVault, c.statement("backup:DescribeBackupVault", vault), func(ctx context.Context) (evidence.Vault, error) {
			if vault == "" {
				return evidence.Vault{}, missing("backup vault", "backupVault")
			}
			out, err := client.DescribeBackupVault(ctx, &backup.DescribeBackupVaultInput{BackupVaultName: &vault})
			if err != nil {
				return evidence.Vault{}, err
			}
			return evidence.Vault{Name: aws.ToString(out.BackupVaultName), Locked: aws.ToBool(out.Locked), MinDays: int(aws.ToInt64(out.MinRetentionDays))}, nil
		}),
		evidence.Read(evidence.AWSRecoveryPoints, c.statement("backup:ListRecoveryPointsByBackupVault", vault), func(ctx context.Context) ([]evidence.RecoveryPoint, error) {
			return c.recoveryPoints(ctx, client)
		}),
		evidence.Read(evidence.AWSRestoreJobs, c.statement("backup:ListRestoreJobs", ""), func(ctx context.Context) ([]evidence.RestoreJob, error) {
			return restoreJobs(ctx, client)
		}),
	}
}

// backupPlans reads the plans that have a rule for the environment's vault.
func (c *Collector) backupPlans(ctx context.Context, client *backup.Client) ([]evidence.BackupPlan, error) {
	vault := c.target.BackupVault
	if vault == "" {
		return nil, missing("backup vault", "backupVault")
	}
	var ids []string
	listErr := pages(ctx, backup.NewListBackupPlansPaginator(client, &backup.ListBackupPlansInput{}), func(page *backup.ListBackupPlansOutput) {
		for _, p := range page.BackupPlansList {
			ids = append(ids, aws.ToString(p.BackupPlanId))
		}
	})
	plans, err := each(ctx, ids, func(ctx context.Context, id string) (evidence.BackupPlan, error) {
		out, err := client.GetBackupPlan(ctx, &backup.GetBackupPlanInput{BackupPlanId: &id})
		if err != nil || out.BackupPlan == nil {
			return evidence.BackupPlan{}, err
		}
		plan := evidence.BackupPlan{Name: aws.ToString(out.BackupPlan.BackupPlanName)}
		for _, r := range out.BackupPlan.Rules {
			if aws.ToString(r.TargetBackupVaultName) == vault {
				plan.Rules = append(plan.Rules, ruleOf(r))
			}
		}
		return plan, nil
	})
	ours := []evidence.BackupPlan{}
	for _, plan := range plans {
		if len(plan.Rules) > 0 {
			ours = append(ours, plan)
		}
	}
	return ours, errors.Join(listErr, err)
}

func ruleOf(r types.BackupRule) evidence.BackupRule {
	rule := evidence.BackupRule{
		Name: aws.ToString(r.RuleName), Vault: aws.ToString(r.TargetBackupVaultName), Schedule: aws.ToString(r.ScheduleExpression),
	}
	if r.Lifecycle != nil {
		rule.DeleteAfterDays = int(aws.ToInt64(r.Lifecycle.DeleteAfterDays))
	}
	return rule
}

// recoveryPoints keeps the newest complete one of each resource: a vault holds
// one a day for months.
func (c *Collector) recoveryPoints(ctx context.Context, client *backup.Client) ([]evidence.RecoveryPoint, error) {
	vault := c.target.BackupVault
	if vault == "" {
		return nil, missing("backup vault", "backupVault")
	}
	newest := map[string]evidence.RecoveryPoint{}
	input := &backup.ListRecoveryPointsByBackupVaultInput{BackupVaultName: &vault, MaxResults: aws.Int32(1000)}
	err := pages(ctx, backup.NewListRecoveryPointsByBackupVaultPaginator(client, input), func(page *backup.ListRecoveryPointsByBackupVaultOutput) {
		for _, p := range page.RecoveryPoints {
			point := evidence.RecoveryPoint{
				Resource: aws.ToString(p.ResourceArn), Type: aws.ToString(p.ResourceType), Status: string(p.Status),
				Created: aws.ToTime(p.CreationDate), Encrypted: p.IsEncrypted,
			}
			known, seen := newest[point.Resource]
			if !seen || better(point, known) {
				newest[point.Resource] = point
			}
		}
	})
	points := []evidence.RecoveryPoint{}
	for _, resource := range slices.Sorted(maps.Keys(newest)) {
		points = append(points, newest[resource])
	}
	return points, err
}

// better tells whether a recovery point says more of its resource than another:
// a complete one before the others, then the newer.
func better(a, b evidence.RecoveryPoint) bool {
	complete := func(p evidence.RecoveryPoint) bool { return p.Status == string(types.RecoveryPointStatusCompleted) }
	if complete(a) != complete(b) {
		return complete(a)
	}
	return a.Created.After(b.Created)
}

func restoreJobs(ctx context.Context, client *backup.Client) ([]evidence.RestoreJob, error) {
	all := []evidence.RestoreJob{}
	input := &backup.ListRestoreJobsInput{MaxResults: aws.Int32(1000)}
	err := pages(ctx, backup.NewListRestoreJobsPaginator(client, input), func(page *backup.ListRestoreJobsOutput) {
		for _, j := range page.RestoreJobs {
			all = append(all, evidence.RestoreJob{
				ID: aws.ToString(j.RestoreJobId), Type: aws.ToString(j.ResourceType), Status: string(j.Status),
				Created: aws.ToTime(j.CreationDate), Completed: aws.ToTime(j.CompletionDate),
				Test:       j.CreatedBy != nil && aws.ToString(j.CreatedBy.RestoreTestingPlanArn) != "",
				Validation: string(j.ValidationStatus),
			})
		}
	})
	return all, err
}
