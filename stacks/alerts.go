package stacks

import (
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/robfig/cron/v3"

	"gatehouse/components/alerts"
	"gatehouse/components/alerts/routing"
	"gatehouse/components/alerts/rules"
	"gatehouse/stacks/config"
)

// deployAlerts makes the rules, the routes and the receivers of alerts in the
// namespace of Prometheus and Alertmanager.
func deployAlerts(ctx *pulumi.Context, env Environment, namespace pulumi.StringInput, opts ...pulumi.ResourceOption) error {
	watched, err := alertRules(env.Config)
	if err != nil {
		return fmt.Errorf("deploy alerts: %w", err)
	}
	_, err = alerts.New(ctx, env.Named("alerts"), alerts.Args{
		Namespace: namespace, Labels: ownership(env),
		RunbookBaseURL: strings.TrimSuffix(string(env.Config.Monitoring.RunbookBaseURL), "/"),
		Rules:          watched, Routing: alertRouting(env.Config),
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy alerts: %w", err)
	}
	return nil
}

// alertRules are the environment's figures. A backup may be as old as the
// configuration says or, where it says nothing, half an interval too late; a
// drill may be a day late.
func alertRules(c config.Config) (rules.Settings, error) {
	slo, jobs := c.Monitoring.SLO, c.Backup
	made := rules.Settings{
		AvailabilityPercent: slo.AvailabilityPercent,
		LatencyPercent:      float64(slo.LatencyPercent), LatencySeconds: slo.LatencySeconds,
		Backups:          []rules.Backup{{Task: "database", MaxAge: time.Duration(jobs.MaxAgeHours) * time.Hour}},
		DrillMaxDuration: time.Duration(jobs.DrillMaxMinutes) * time.Minute,
		Replicas:         c.Data.Postgres.Replicas,
	}
	for _, job := range []struct {
		task     string
		schedule config.Cron
	}{{"configuration", jobs.Schedules.Configuration}, {"base", jobs.Schedules.Base}} {
		gap, err := longestGap(job.schedule)
		if err != nil {
			return made, fmt.Errorf("read the schedule of the %s backup: %w", job.task, err)
		}
		made.Backups = append(made.Backups, rules.Backup{Task: job.task, MaxAge: gap + gap/2})
	}
	gap, err := longestGap(jobs.Schedules.Drill)
	if err != nil {
		return made, fmt.Errorf("read the schedule of the restore drill: %w", err)
	}
	made.DrillMaxAge = gap + 24*time.Hour
	if c.Readiness.Enabled {
		if gap, err = longestGap(c.Readiness.Schedule); err != nil {
			return made, fmt.Errorf("read the schedule of the readiness checks: %w", err)
		}
		made.ReadinessMaxAge = 2 * gap
	}
	if c.Portal.Plugins.Managed() {
		if gap, err = longestGap(maintainSchedule); err != nil {
			return made, fmt.Errorf("read the schedule of the plugins' maintenance: %w", err)
		}
		made.PluginMaintenanceMaxAge = 2 * gap
	}
	return made, nil
}

// longestGap is the longest time between two runs within a year. It asks for a
// year that is over, so that a plan is the same whenever it is made.
func longestGap(schedule config.Cron) (time.Duration, error) {
	parsed, err := cron.ParseStandard(string(schedule))
	if err != nil {
		return 0, err
	}
	last := parsed.Next(time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC))
	var longest time.Duration
	for end := last.AddDate(1, 0, 0); last.Before(end); {
		next := parsed.Next(last)
		if next.IsZero() {
			return 0, fmt.Errorf("%q runs too seldom to be watched", schedule)
		}
		longest, last = max(longest, next.Sub(last)), next
	}
	return longest, nil
}

// alertRouting are the channel and the maintenance windows.
func alertRouting(c config.Config) routing.Settings {
	weekly, monthly := c.Portal.Maintenance.Weekly, c.Portal.Maintenance.Monthly
	return routing.Settings{
		SlackChannel: string(c.Monitoring.SlackChannel), Heartbeat: c.Monitoring.DeadMansSwitch,
		Quiet: []routing.TimeInterval{
			routing.Weekly("weekly-maintenance", weekly.Start, weekly.End),
			routing.FirstSunday("monthly-maintenance", monthly.Start, monthly.End),
		},
	}
}
