package vault

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// validationHours is how long a restored copy stays for its validation before
// AWS Backup deletes it.
const validationHours = 4

// newRestoreTests restores the newest recovery point of each store every week.
// A backup that was never restored is a hope.
func newRestoreTests(ctx *pulumi.Context, name string, args Args, vault *backup.Vault, child pulumi.ResourceOption) error {
	reader, err := newRole(ctx, name+"-restorer", "AWS Backup restores from "+name, "AWSBackupServiceRolePolicyForRestores", args, child)
	if err != nil {
		return err
	}
	plan, err := backup.NewRestoreTestingPlan(ctx, name+"-restore", &backup.RestoreTestingPlanArgs{
		Name: pulumi.String(underscored(name)),
		// Mondays, well after the day's backup and outside Sunday's maintenance.
		ScheduleExpression: pulumi.String(fmt.Sprintf("cron(0 %d ? * MON *)", (args.Hour+6)%24)),
		StartWindowHours:   pulumi.Int(1),
		RecoveryPointSelection: backup.RestoreTestingPlanRecoveryPointSelectionArgs{
			Algorithm:           pulumi.String("LATEST_WITHIN_WINDOW"),
			IncludeVaults:       pulumi.StringArray{vault.Arn},
			RecoveryPointTypes:  pulumi.ToStringArray([]string{"SNAPSHOT"}),
			SelectionWindowDays: pulumi.Int(7),
		},
	}, child)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(args.Stores)) {
		store := args.Stores[key]
		_, err := backup.NewRestoreTestingSelection(ctx, name+"-restore-"+key, &backup.RestoreTestingSelectionArgs{
			Name:                     pulumi.String(underscored(key)),
			RestoreTestingPlanName:   plan.Name,
			IamRoleArn:               reader.ARN,
			ProtectedResourceType:    pulumi.String(store.Type),
			ProtectedResourceArns:    pulumi.StringArray{store.ARN},
			RestoreMetadataOverrides: store.RestoreOverrides,
			ValidationWindowHours:    pulumi.Int(validationHours),
		}, child, component.DependsOn(reader))
		if err != nil {
			return err
		}
	}
	return nil
}

// underscored makes a name of letters, digits and underscores, all that
// restore testing takes.
func underscored(name string) string { return strings.ReplaceAll(name, "-", "_") }
