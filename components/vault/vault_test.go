package vault_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/vault"
)

const name = "gatehouse-test-vault"

func args() vault.Args {
	return vault.Args{
		Key: pulumi.String("key-backup"), MinRetentionDays: 7, MaxRetentionDays: 400,
		Hour: 6, DailyRetentionDays: 35, MonthlyRetentionDays: 365,
		Stores: map[string]vault.Store{
			"postgres": {ARN: pulumi.String("arn:db"), Type: "RDS", RestoreOverrides: pulumi.StringMap{"multiAz": pulumi.String("false")}},
			"plugins":  {ARN: pulumi.String("arn:fs"), Type: "EFS"},
		},
		Partition: "aws", AccountID: "111122223333", Protect: true,
	}
}

func run(t testing.TB, a vault.Args) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := vault.New(ctx, name, a)
		return err
	})
}

func TestVaultIsLocked(t *testing.T) {
	seen := run(t, args())
	safe := seen.One(t, "aws:backup/vault:Vault")
	require.True(t, safe.Protect)
	require.Equal(t, "key-backup", safe.Input("kmsKeyArn"))
	require.Equal(t, false, safe.Input("forceDestroy"))

	lock := seen.One(t, "aws:backup/vaultLockConfiguration:VaultLockConfiguration")
	require.Equal(t, 7.0, lock.Input("minRetentionDays"))
	require.Equal(t, 400.0, lock.Input("maxRetentionDays"))
	require.Nil(t, lock.Input("changeableForDays"), "governance mode until the configuration says otherwise")

	final, days := args(), 7
	final.ComplianceAfterDays = &days
	require.Equal(t, 7.0, run(t, final).One(t, lock.Type).Input("changeableForDays"))
	for _, r := range seen.Customs() {
		require.NotEmpty(t, r.Parent, r.Name)
	}
}

func TestPolicyKeepsRecoveryPoints(t *testing.T) {
	var policy struct {
		Statement []struct {
			Effect, Principal string
			Action            []string
			Condition         map[string]map[string][]string
		}
	}
	text := run(t, args()).One(t, "aws:backup/vaultPolicy:VaultPolicy").Input("policy").(string)
	require.NoError(t, json.Unmarshal([]byte(text), &policy))
	keep, foreign := policy.Statement[0], policy.Statement[1]
	require.Equal(t, "Deny", keep.Effect)
	require.Equal(t, "*", keep.Principal)
	require.Contains(t, keep.Action, "backup:DeleteRecoveryPoint")
	require.Empty(t, keep.Condition)
	require.Equal(t, "Deny", foreign.Effect)
	require.Equal(t, []string{"111122223333"}, foreign.Condition["StringNotEquals"]["aws:PrincipalAccount"])
}

func TestPlan(t *testing.T) {
	rules := run(t, args()).One(t, "aws:backup/plan:Plan").Input("rules").([]any)
	require.Len(t, rules, 2)
	for i, want := range []struct {
		name, schedule string
		days           float64
	}{
		{"daily", "cron(0 6 * * ? *)", 35},
		{"monthly", "cron(0 6 1 * ? *)", 365},
	} {
		rule := rules[i].(map[string]any)
		require.Equal(t, want.name, rule["ruleName"])
		require.Equal(t, want.schedule, rule["schedule"])
		require.Equal(t, map[string]any{"deleteAfter": want.days}, rule["lifecycle"])
		require.Equal(t, name, rule["targetVaultName"])
		require.Equal(t, false, rule["enableContinuousBackup"], "RDS makes its own, and AWS Backup would take its window over")
	}
}

func TestStoresAreBackedUpWhateverTheirTags(t *testing.T) {
	seen := run(t, args())
	const selection = "aws:backup/selection:Selection"
	stores := seen.Named(t, selection, name+"-stores")
	require.ElementsMatch(t, []any{"arn:db", "arn:fs"}, stores.Input("resources"))
	require.Nil(t, stores.Input("selectionTags"))

	tagged := seen.Named(t, selection, name+"-tagged")
	require.Equal(t, []any{map[string]any{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}}, tagged.Input("selectionTags"))
	require.ElementsMatch(t, []any{"arn:db", "arn:fs"}, tagged.Input("notResources"), "nothing is backed up twice")
}

func TestRestoresAreTested(t *testing.T) {
	seen := run(t, args())
	plan := seen.One(t, "aws:backup/restoreTestingPlan:RestoreTestingPlan")
	require.Equal(t, "gatehouse_test_vault", plan.Input("name"), "AWS takes no dash here")
	require.Equal(t, "cron(0 12 ? * MON *)", plan.Input("scheduleExpression"))

	const selection = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
	require.Len(t, seen.OfType(selection), 2)
	database := seen.Named(t, selection, name+"-restore-postgres")
	require.Equal(t, "RDS", database.Input("protectedResourceType"))
	require.Equal(t, []any{"arn:db"}, database.Input("protectedResourceArns"))
	require.Equal(t, map[string]any{"multiAz": "false"}, database.Input("restoreMetadataOverrides"))
	require.Nil(t, seen.Named(t, selection, name+"-restore-plugins").Input("restoreMetadataOverrides"))
}

func TestRolesServeThisAccountOnly(t *testing.T) {
	seen := run(t, args())
	for suffix, policy := range map[string]string{
		"writer": "AWSBackupServiceRolePolicyForBackup", "restorer": "AWSBackupServiceRolePolicyForRestores",
	} {
		role := seen.Named(t, "aws:iam/role:Role", name+"-"+suffix)
		trust := role.Input("assumeRolePolicy").(string)
		require.Contains(t, trust, `"Service":["backup.amazonaws.com"]`)
		require.Contains(t, trust, `"StringEquals":{"aws:SourceAccount":["111122223333"]}`)
		attached := seen.Named(t, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name+"-"+suffix+"-"+policy)
		require.Equal(t, "arn:aws:iam::aws:policy/service-role/"+policy, attached.Input("policyArn"))
	}
}

func TestStartHour(t *testing.T) {
	never := func(int, int) bool { return false }
	hour, err := vault.StartHour(23, never)
	require.NoError(t, err)
	require.Equal(t, 23, hour)

	_, err = vault.StartHour(0, func(int, int) bool { return true })
	require.ErrorContains(t, err, "no two free hours")
}

// The chosen job and the hour after it keep clear of the window, whenever it is.
func TestStartHourKeepsClear(t *testing.T) {
	const day = 24 * 60
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, day-1).Draw(t, "from")
		length := rapid.IntRange(30, 20*60).Draw(t, "length")
		blocked := make([]bool, day)
		for m := range length {
			blocked[(from+m)%day] = true
		}
		meets := func(start, end int) bool {
			for m := start; m != end; m = (m + 1) % day {
				if blocked[m] {
					return true
				}
			}
			return false
		}
		hour, err := vault.StartHour(rapid.IntRange(0, 23).Draw(t, "after"), meets)
		require.NoError(t, err, "four free hours hold two whole ones")
		for m := range 120 {
			require.False(t, blocked[(hour*60+m)%day])
		}
	})
}
