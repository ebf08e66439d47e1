package audit_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/audit"
	"gatehouse/components/componenttest"
)

const (
	trailType  = "aws:cloudtrail/trail:Trail"
	budgetType = "aws:budgets/budget:Budget"
)

func run(t *testing.T, budget *audit.Budget) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := audit.New(ctx, "audit", audit.Args{
			TrailName: "gate-trail", Bucket: pulumi.String("audit-bucket"), TrailKeyARN: pulumi.String("arn:logs-key"),
			AuditBucketARN: pulumi.String("arn:aws:s3:::audit-bucket"),
			DataBucketARNs: map[string]pulumi.StringInput{"backups": pulumi.String("arn:aws:s3:::backups")},
			VolumesKeyARN:  pulumi.String("arn:volumes-key"), Budget: budget, Protect: true,
		})
		return err
	})
}

func TestTrail(t *testing.T) {
	trail := run(t, nil).One(t, trailType)
	require.True(t, trail.Protect)
	require.Equal(t, "gate-trail", trail.Input("name"), "the bucket's policy lets in this name only")
	for _, on := range []string{"isMultiRegionTrail", "enableLogFileValidation", "includeGlobalServiceEvents", "enableLogging"} {
		require.Equal(t, true, trail.Input(on), on)
	}
	require.Equal(t, "arn:logs-key", trail.Input("kmsKeyId"))
}

func TestTrailRecordsDataEventsWithoutRecordingItself(t *testing.T) {
	trail := run(t, nil).One(t, trailType)
	require.Equal(t, "management", trail.Input("advancedEventSelectors[0].name"))
	require.Equal(t, []any{"Management"}, trail.Input("advancedEventSelectors[0].fieldSelectors[0].equals"))
	require.Equal(t, []any{"arn:aws:s3:::audit-bucket/"}, trail.Input("advancedEventSelectors[1].fieldSelectors[2].startsWiths"))
	require.Equal(t, []any{"PutObject"}, trail.Input("advancedEventSelectors[1].fieldSelectors[3].notEquals"))
	require.Equal(t, []any{"arn:aws:s3:::backups/"}, trail.Input("advancedEventSelectors[2].fieldSelectors[2].startsWiths"))
	require.Nil(t, trail.Input("advancedEventSelectors[2].fieldSelectors[3]"), "backups: every use")
}

func TestThreatDetection(t *testing.T) {
	seen := run(t, nil)
	require.Equal(t, true, seen.One(t, "aws:guardduty/detector:Detector").Input("enable"))
	features := map[any]componenttest.Registration{}
	for _, f := range seen.OfType("aws:guardduty/detectorFeature:DetectorFeature") {
		require.Equal(t, "ENABLED", f.Input("status"), f.Name)
		require.Equal(t, "audit-threats-id", f.Input("detectorId"))
		features[f.Input("name")] = f
	}
	for _, name := range []string{"S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING"} {
		require.Contains(t, features, name)
	}
	require.Len(t, features["RUNTIME_MONITORING"].Input("additionalConfigurations"), 3)
}

func TestDisksAreEncryptedByDefault(t *testing.T) {
	seen := run(t, nil)
	require.Equal(t, true, seen.One(t, "aws:ebs/encryptionByDefault:EncryptionByDefault").Input("enabled"))
	require.Equal(t, "arn:volumes-key", seen.One(t, "aws:ebs/defaultKmsKey:DefaultKmsKey").Input("keyArn"))
}

func TestBudget(t *testing.T) {
	require.Empty(t, run(t, nil).OfType(budgetType))
	budget := run(t, &audit.Budget{MonthlyUSD: 4000, AlertPercents: []int{80, 100}, Contact: "ops@example.com"}).One(t, budgetType)
	require.Equal(t, "4000", budget.Input("limitAmount"))
	require.Equal(t, "MONTHLY", budget.Input("timeUnit"))
	require.Len(t, budget.Input("notifications"), 3)
	require.Equal(t, "FORECASTED", budget.Input("notifications[0].notificationType"))
	require.InDelta(t, 80, budget.Input("notifications[1].threshold"), 0)
	require.Equal(t, []any{"ops@example.com"}, budget.Input("notifications[2].subscriberEmailAddresses"))
}
