// Package vault makes an AWS Backup vault with its lock and policy, the plan
// that fills it and the restore tests that prove it.
//
// Point-in-time recovery of PostgreSQL is RDS's own (components/postgres):
// were AWS Backup to make continuous backups of the same instance, it would
// take over the instance's backup window and retention, and the two would undo
// each other. ElastiCache is no part of AWS Backup; Redis has snapshots.
package vault

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// Args describes the vault and its plan.
type Args struct {
	// Key is the ARN of the KMS key of the recovery points.
	Key pulumi.StringInput
	// MinRetentionDays and MaxRetentionDays bound what the lock lets anyone set.
	MinRetentionDays, MaxRetentionDays int
	// ComplianceAfterDays makes the lock final that many days after creation,
	// 3 or more: from then nobody, AWS included, can shorten or remove it.
	// nil leaves it in governance mode.
	ComplianceAfterDays *int

	// Hour is the hour of the day, UTC, at which jobs may begin; see StartHour.
	Hour int
	// DailyRetentionDays and MonthlyRetentionDays are how long recovery points
	// are kept.
	DailyRetentionDays, MonthlyRetentionDays int

	// Stores are what is backed up whatever its tags say, by a short name. The
	// tag `backup=daily` adds anything else of the account and region.
	Stores map[string]Store

	// Partition and AccountID say whose AWS Backup may assume the roles.
	Partition, AccountID string
	// Protect refuses deletion in Pulumi.
	Protect bool
}

// Store is a data store to back up and to restore as a test.
type Store struct {
	ARN pulumi.StringInput
	// Type is AWS Backup's resource type, "RDS" or "EFS".
	Type string
	// RestoreOverrides are the restore metadata that AWS Backup would guess
	// wrong (AWS Backup developer guide, "Restore testing inferred metadata").
	RestoreOverrides pulumi.StringMap
}

// Vault is the backup vault.
type Vault struct {
	pulumi.ResourceState
	component.Parts

	Name pulumi.StringOutput `pulumi:"name"`
	ARN  pulumi.StringOutput `pulumi:"arn"`
}

// New makes the vault, its plan and its restore tests.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Vault, error) {
	v := &Vault{}
	return v, component.Register(ctx, "gatehouse:aws:Vault", name, v, func(child pulumi.ResourceOption) error {
		vault, err := newVault(ctx, name, args, child)
		if err != nil {
			return err
		}
		if err := newPlan(ctx, name, args, vault, child); err != nil {
			return err
		}
		if err := newRestoreTests(ctx, name, args, vault, child); err != nil {
			return err
		}
		v.Name, v.ARN = vault.Name, vault.Arn
		return nil
	}, opts...)
}

func newVault(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*backup.Vault, error) {
	vault, err := backup.NewVault(ctx, name, &backup.VaultArgs{
		Name:         pulumi.String(name),
		KmsKeyArn:    args.Key,
		ForceDestroy: pulumi.Bool(false),
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return nil, err
	}
	lock := &backup.VaultLockConfigurationArgs{
		BackupVaultName:  vault.Name,
		MinRetentionDays: pulumi.Int(args.MinRetentionDays),
		MaxRetentionDays: pulumi.Int(args.MaxRetentionDays),
	}
	if args.ComplianceAfterDays != nil {
		lock.ChangeableForDays = pulumi.Int(*args.ComplianceAfterDays)
	}
	if _, err := backup.NewVaultLockConfiguration(ctx, name+"-lock", lock, child); err != nil {
		return nil, err
	}
	policy, err := policyOf(vault, args.AccountID).JSON()
	if err != nil {
		return nil, err
	}
	_, err = backup.NewVaultPolicy(ctx, name+"-policy", &backup.VaultPolicyArgs{
		BackupVaultName: vault.Name, Policy: policy,
	}, child)
	return vault, err
}

// policyOf keeps everyone from ending a recovery point early, administrators
// included; the plan's lifecycle ends them in time. Copies come from this
// account alone.
func policyOf(vault *backup.Vault, accountID string) iampolicy.Document {
	everyone := []iampolicy.Principal{{Type: iampolicy.Everyone}}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{
		{
			ID: "KeepRecoveryPoints", Effect: iampolicy.Deny, Principals: everyone,
			Actions: []string{
				"backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle",
			},
			Resources: iampolicy.Strings("*"),
		},
		{
			ID: "DenyForeignCopies", Effect: iampolicy.Deny, Principals: everyone,
			Actions:    []string{"backup:CopyIntoBackupVault"},
			Resources:  []pulumi.StringInput{vault.Arn},
			Conditions: []iampolicy.Condition{iampolicy.When("StringNotEquals", "aws:PrincipalAccount", accountID)},
		},
	}}
}

// newRole makes a role that AWS Backup assumes for this account.
func newRole(ctx *pulumi.Context, name, description, managed string, args Args, child pulumi.ResourceOption) (*role.Role, error) {
	return role.New(ctx, name, role.Args{
		Description: description,
		Partition:   args.Partition,
		Trust:       []iampolicy.Statement{role.ServiceTrust("backup.amazonaws.com", args.AccountID)},
		Managed:     []string{"service-role/" + managed},
	}, child)
}
