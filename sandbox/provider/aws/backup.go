package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
)

type backupc = api.Client

// unlisted says why the tags of AWS Backup are sent but not read.
const unlisted = "the emulator answers ListTags only to paths that end with a slash"

// backupRows are vaults and plans. The emulator lacks selections, vault policies and restore testing.
func backupRows() []Resource {
	tag := tagger((*backupc).TagResource, (*backupc).UntagResource, "ResourceArn", byARN)
	return []Resource{
		{
			Token: "aws:backup/vault:Vault", Args: backup.VaultArgs{}, State: backup.Vault{},
			Name: "name", NameMax: 50, Replace: []string{"name", "kmsKeyArn"},
			Rename: map[string]string{"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn", "tags": "BackupVaultTags", "arn": "BackupVaultArn", "recoveryPoints": "NumberOfRecoveryPoints"},
			Unseen: map[string]string{"forceDestroy": "it is an order, not a property", "tags": unlisted},
			Tag:    tag,
			Create: create((*backupc).CreateBackupVault, ""),
			Read:   read((*backupc).DescribeBackupVault, "BackupVaultName", ""),
			Update: func(context.Context, *request) error { return nil },
			Delete: remove((*backupc).DeleteBackupVault, "BackupVaultName"),
		},
		{
			Token: "aws:backup/vaultLockConfiguration:VaultLockConfiguration", Args: backup.VaultLockConfigurationArgs{}, State: backup.VaultLockConfiguration{},
			Name: "backupVaultName", Replace: []string{"backupVaultName"},
			Unseen: map[string]string{"changeableForDays": "AWS tells the date instead"},
			Create: create((*backupc).PutBackupVaultLockConfiguration, ""), Update: again(create((*backupc).PutBackupVaultLockConfiguration, "")),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*backupc).DescribeBackupVault, &api.DescribeBackupVaultInput{BackupVaultName: &r.id})
				if err != nil {
					return nil, err
				}
				if !aws.ToBool(out.Locked) {
					return nil, errGone
				}
				return r.see(*out), nil
			},
			Delete: remove((*backupc).DeleteBackupVaultLockConfiguration, "BackupVaultName"),
		},
		{
			Token: "aws:backup/plan:Plan", Args: backup.PlanArgs{}, State: backup.Plan{},
			Name: "name", NameMax: 50, Replace: []string{"name"}, // the emulator has no UpdateBackupPlan: every change replaces
			Rename: map[string]string{"name": "BackupPlanName", "tags": "BackupPlanTags", "arn": "BackupPlanArn", "version": "VersionId"},
			Unseen: map[string]string{"rules": "see planRules: the emulator drops some of their fields", "advancedBackupSettings": "the emulator ignores them", "tags": unlisted},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*backupc).ListBackupPlans, &api.ListBackupPlansInput{})
				if err != nil {
					return "", err
				}
				for _, p := range out.BackupPlansList {
					if aws.ToString(p.BackupPlanName) == r.str("name") && p.DeletionDate == nil {
						return aws.ToString(p.BackupPlanId), nil
					}
				}
				return "", nil
			},
			Tag: tag,
			Create: create((*backupc).CreateBackupPlan, "BackupPlanId", func(r *request, in *api.CreateBackupPlanInput) {
				in.BackupPlan = &types.BackupPlanInput{BackupPlanName: aws.String(r.str("name")), Rules: planRules(r)}
			}),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*backupc).GetBackupPlan, &api.GetBackupPlanInput{BackupPlanId: &r.id})
				if err != nil {
					return nil, err
				}
				if out.DeletionDate != nil || out.BackupPlan == nil {
					return nil, errGone
				}
				return r.see(*out, *out.BackupPlan), nil
			},
			Delete: remove((*backupc).DeleteBackupPlan, "BackupPlanId"),
		},
		{Token: "aws:backup/vaultPolicy:VaultPolicy", Args: backup.VaultPolicyArgs{}, State: backup.VaultPolicy{}, Simulated: true, Name: "backupVaultName", Replace: []string{"backupVaultName"}, Sim: vaultArn},
		{Token: "aws:backup/selection:Selection", Args: backup.SelectionArgs{}, State: backup.Selection{}, Simulated: true, Name: "name", NameMax: 50, Replace: []string{"*"}},
		{Token: "aws:backup/restoreTestingPlan:RestoreTestingPlan", Args: backup.RestoreTestingPlanArgs{}, State: backup.RestoreTestingPlan{}, Simulated: true, ARN: "backup:restore-testing-plan:", Name: "name", NameMax: 50, Replace: []string{"name"}},
		{Token: "aws:backup/restoreTestingSelection:RestoreTestingSelection", Args: backup.RestoreTestingSelectionArgs{}, State: backup.RestoreTestingSelection{}, Simulated: true, Name: "name", NameMax: 50, Replace: []string{"name", "restoreTestingPlanName", "protectedResourceType"}},
		{Token: "aws:backup/regionSettings:RegionSettings", Args: backup.RegionSettingsArgs{}, State: backup.RegionSettings{}, Simulated: true},
	}
}

// planRules translates a plan's rules.
func planRules(r *request) []types.BackupRuleInput {
	plan := &types.BackupPlanInput{}
	rename := map[string]string{
		"targetVaultName": "TargetBackupVaultName", "schedule": "ScheduleExpression", "startWindow": "StartWindowMinutes", "completionWindow": "CompletionWindowMinutes",
		"coldStorageAfter": "MoveToColdStorageAfterDays", "deleteAfter": "DeleteAfterDays", "destinationVaultArn": "DestinationBackupVaultArn",
	}
	if err := fill(plan, props{"rules": r.in["rules"]}, rename); err != nil {
		return nil
	}
	return plan.Rules
}

func vaultArn(r *request) (string, props) {
	return "", props{"backupVaultArn": r.arn("backup:backup-vault:" + r.str("backupVaultName"))}
}
