package stacks

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/alerts/routing"
	"gatehouse/components/alerts/rules"
	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

func TestAlertsOfTheCommittedEnvironments(t *testing.T) {
	for name, c := range environments() {
		t.Run(name, func(t *testing.T) {
			seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
				env, err := newEnvironment(ctx, c)
				if err != nil {
					return err
				}
				return deployAlerts(ctx, env, pulumi.String("monitoring"))
			})
			require.Len(t, seen.OfType("gatehouse:kubernetes:Alerts"), 1)
			for _, rule := range seen.OfType("kubernetes:monitoring.coreos.com/v1:PrometheusRule") {
				require.Equal(t, "monitoring", rule.Input("metadata.namespace"))
				require.Equal(t, "test", rule.Input(`metadata.labels["gatehouse/environment"]`))
			}
		})
	}
}

func TestAlertsWatchWhatTheConfigurationSays(t *testing.T) {
	c := configtest.Production()
	c.Backup.MaxAgeHours, c.Backup.DrillMaxMinutes, c.Data.Postgres.Replicas = 9, 30, 3
	c.Backup.Schedules.Configuration, c.Backup.Schedules.Base, c.Backup.Schedules.Drill = "30 1 * * *", "0 3 * * sun", "0 6 1 * *"
	c.Monitoring.SLO = config.SLO{AvailabilityPercent: 99.5, LatencyPercent: 96, LatencySeconds: 2}
	watched, err := alertRules(c)
	require.NoError(t, err)
	const day = 24 * time.Hour
	require.Equal(t, rules.Settings{
		AvailabilityPercent: 99.5, LatencyPercent: 96, LatencySeconds: 2,
		Backups: []rules.Backup{
			{Task: "database", MaxAge: 9 * time.Hour}, {Task: "configuration", MaxAge: 36 * time.Hour}, {Task: "base", MaxAge: 252 * time.Hour},
		},
		DrillMaxAge: 32 * day, DrillMaxDuration: 30 * time.Minute, Replicas: 3,
		ReadinessMaxAge: 2 * day,
	}, watched)
}

func TestAScheduleThatNeverRunsCannotBeWatched(t *testing.T) {
	c := configtest.Production()
	c.Backup.Schedules.Base = "0 3 30 feb *"
	_, err := alertRules(c)
	require.ErrorContains(t, err, "base backup")
	c = configtest.Production()
	c.Backup.Schedules.Drill = "never"
	_, err = alertRules(c)
	require.ErrorContains(t, err, "restore drill")
}

func TestWarningsAreQuietInTheMaintenanceWindows(t *testing.T) {
	c := configtest.Production()
	c.Monitoring.SlackChannel, c.Monitoring.DeadMansSwitch = "#here", true
	require.Equal(t, routing.Settings{
		SlackChannel: "#here", Heartbeat: true,
		Quiet: []routing.TimeInterval{
			{Name: "weekly-maintenance", Intervals: []routing.Span{{Times: []routing.Times{{Start: "02:00", End: "04:00"}}, Weekdays: []string{"sunday"}}}},
			{Name: "monthly-maintenance", Intervals: []routing.Span{{Times: []routing.Times{{Start: "01:00", End: "05:00"}}, Weekdays: []string{"sunday"}, DaysOfMonth: []string{"1:7"}}}},
		},
	}, alertRouting(c))
}
