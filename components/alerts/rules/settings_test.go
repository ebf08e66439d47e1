package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/components/alerts/rules"
)

// settings are production's, but for a drill every other day and an hour and a half
// without maintenance of plugins: weeks and days take long to evaluate.
func settings() rules.Settings {
	return rules.Settings{
		AvailabilityPercent: 99.9, LatencyPercent: 95, LatencySeconds: 1,
		Backups: []rules.Backup{
			{Task: "database", MaxAge: 12 * time.Hour}, {Task: "configuration", MaxAge: 36 * time.Hour}, {Task: "base", MaxAge: 36 * time.Hour},
		},
		DrillMaxAge: 48 * time.Hour, DrillMaxDuration: time.Hour, Replicas: 2,
		ReadinessMaxAge: 48 * time.Hour, PluginMaintenanceMaxAge: 90 * time.Minute,
	}
}

func TestSettingsUnderWhichAnAlertIsBlindAreRefused(t *testing.T) {
	for want, change := range map[string]func(*rules.Settings){
		"availability objective above 93.1": func(s *rules.Settings) { s.AvailabilityPercent = 93 },
		"availability objective above":      func(s *rules.Settings) { s.AvailabilityPercent = 100 },
		"latency objective above 93.1":      func(s *rules.Settings) { s.LatencyPercent = 90 },
		"above 0 seconds":                   func(s *rules.Settings) { s.LatencySeconds = 0 },
		"set the backups":                   func(s *rules.Settings) { s.Backups = nil },
		"duration of a restore drill":       func(s *rules.Settings) { s.DrillMaxAge = 0 },
		"readiness run be an hour old":      func(s *rules.Settings) { s.ReadinessMaxAge = time.Minute },
		"maintenance of plugins":            func(s *rules.Settings) { s.PluginMaintenanceMaxAge = time.Minute },
		`backup "database" be an hour old`:  func(s *rules.Settings) { s.Backups[0].MaxAge = time.Minute },
	} {
		s := settings()
		change(&s)
		_, err := rules.Topics(s)
		require.ErrorContains(t, err, want)
	}
}

func TestWithoutReplicasNothingWatchesThem(t *testing.T) {
	names := func(replicas int) []string {
		s := settings()
		s.Replicas = replicas
		topics, err := rules.Topics(s)
		require.NoError(t, err)
		var names []string
		for _, topic := range topics {
			for _, a := range topic.Alerts {
				names = append(names, a.Name)
			}
		}
		return names
	}
	require.Contains(t, names(1), "ReplicaDown")
	require.NotContains(t, names(0), "ReplicaDown")
	require.NotContains(t, names(0), "ReplicationLagHigh")
}
