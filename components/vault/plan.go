package vault

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Minutes within which a job begins, and within which it ends.
const (
	startMinutes    = 60
	completeMinutes = 8 * 60
)

// newPlan makes the daily and monthly rules, and says what they apply to.
func newPlan(ctx *pulumi.Context, name string, args Args, vault *backup.Vault, child pulumi.ResourceOption) error {
	rule := func(rule, schedule string, days int) backup.PlanRuleArgs {
		return backup.PlanRuleArgs{
			RuleName:         pulumi.String(rule),
			TargetVaultName:  vault.Name,
			Schedule:         pulumi.String(schedule),
			StartWindow:      pulumi.Int(startMinutes),
			CompletionWindow: pulumi.Int(completeMinutes),
			Lifecycle:        backup.PlanRuleLifecycleArgs{DeleteAfter: pulumi.Int(days)},
			// See the package comment.
			EnableContinuousBackup: pulumi.Bool(false),
		}
	}
	plan, err := backup.NewPlan(ctx, name+"-plan", &backup.PlanArgs{
		Name: pulumi.String(name),
		Rules: backup.PlanRuleArray{
			rule("daily", fmt.Sprintf("cron(0 %d * * ? *)", args.Hour), args.DailyRetentionDays),
			// Where both rules fall on one hour, AWS Backup makes one recovery
			// point and keeps it for the longer time.
			rule("monthly", fmt.Sprintf("cron(0 %d 1 * ? *)", args.Hour), args.MonthlyRetentionDays),
		},
	}, child)
	if err != nil {
		return err
	}
	return newSelections(ctx, name, args, plan, child)
}

// newSelections chooses the stores by ARN, so that a lost tag loses no backup,
// and everything else by tag.
func newSelections(ctx *pulumi.Context, name string, args Args, plan *backup.Plan, child pulumi.ResourceOption) error {
	writer, err := newRole(ctx, name+"-writer", "AWS Backup writes to "+name, "AWSBackupServiceRolePolicyForBackup", args, child)
	if err != nil {
		return err
	}
	stores := pulumi.StringArray{}
	for _, store := range slices.Sorted(maps.Keys(args.Stores)) {
		stores = append(stores, args.Stores[store].ARN)
	}
	_, err = backup.NewSelection(ctx, name+"-stores", &backup.SelectionArgs{
		Name: pulumi.String("stores"), PlanId: plan.ID(), IamRoleArn: writer.ARN, Resources: stores,
	}, child, component.DependsOn(writer))
	if err != nil {
		return err
	}
	_, err = backup.NewSelection(ctx, name+"-tagged", &backup.SelectionArgs{
		Name: pulumi.String("tagged"), PlanId: plan.ID(), IamRoleArn: writer.ARN,
		Resources:    pulumi.StringArray{pulumi.String("*")},
		NotResources: stores,
		SelectionTags: backup.SelectionSelectionTagArray{backup.SelectionSelectionTagArgs{
			Type: pulumi.String("STRINGEQUALS"), Key: pulumi.String("backup"), Value: pulumi.String("daily"),
		}},
	}, child, component.DependsOn(writer))
	return err
}
