package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/release/releasetest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const cronJobType = "kubernetes:batch/v1:CronJob"

// runBackup makes the backup jobs on stand-ins for what earlier layers return.
func runBackup(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	foundation := FoundationOutputs{
		Repositories: map[string]Repository{"keeper": {URL: text("registry/keeper")}},
		Backups:      Bucket{Name: text("backups-bucket")}, Keys: Keys{Storage: text("arn:key/storage")},
	}
	data := DataOutputs{Postgres: Postgres{Endpoint: text("primary.rds:5432"), Identifier: text("gatehouse-test-postgres")}}
	cluster := ClusterOutputs{Roles: map[string]pulumi.StringOutput{"backup": text("arn:role/backup")}}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		namespaces := map[string]pulumi.StringOutput{}
		for _, s := range spaces() {
			namespaces[s.Namespace] = text(s.Namespace)
		}
		return deployBackup(ctx, env, foundation, data, cluster, namespaces)
	})
}

func TestBackupsFollowTheConfiguration(t *testing.T) {
	c := configtest.Production()
	c.Backup.Schedules.Database, c.Backup.MaxAgeHours, c.Backup.DrillMaxMinutes, c.Backup.RetentionDays = "0 */2 * * *", 5, 30, 60
	c.Portal.Images.Keeper = "2.0.0"
	seen := runBackup(t, c)
	const container = "spec.jobTemplate.spec.template.spec.containers[0]."
	database := seen.Named(t, cronJobType, "gatehouse-test-backup-backup-database")
	require.Equal(t, "0 */2 * * *", database.Input("spec.schedule"))
	require.Equal(t, "registry/keeper:2.0.0", database.Input(container+"image"))
	require.Equal(t, []any{"drill", "--max-age=5h", "--max-duration=30m"},
		seen.Named(t, cronJobType, "gatehouse-test-backup-restore-drill").Input(container+"args"))
	require.Contains(t, seen.Named(t, cronJobType, "gatehouse-test-backup-backup-base").Input(container+"args"), "--keep-days=60")
}

// A recovery stops the Deployments that there are.
func TestRecoveryFollowsTheStrategy(t *testing.T) {
	c := configtest.Production()
	active := config.Blue
	c.Portal.Strategy, c.Portal.Active = config.BlueGreen, &active
	recovery := runBackup(t, c).Named(t, cronJobType, "gatehouse-test-backup-recovery")
	args := recovery.Input("spec.jobTemplate.spec.template.spec.containers[0].args")
	require.Contains(t, args, "--workload=backstage/backstage-backend-green")
	require.Contains(t, args, "--workload=developer-portal/portal-frontend-blue")
}

// A real API server takes every object and warns of none.
func TestTheServerTakesTheBackups(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs a Kubernetes API server; run make test")
	}
	objects := releasetest.Objects(t, runBackup(t, configtest.Production()))
	require.Greater(t, len(objects), 20)
	releasetest.DryRun(t, objects)
}
