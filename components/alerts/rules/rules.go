// Package rules holds what Prometheus computes in advance and what it watches:
// recording and alerting rules as plain data, one file a topic. To add an alert,
// add an entry to its topic, a story in the topic's test that makes it fire and
// one in which it must not, and a runbook.
//
// Every expression counts what is absent as a fault where silence would be one:
// a comparison with a series that is gone yields nothing, not an alert.
//
// Who is told lives in routing; how the rules reach the cluster, one floor up.
package rules

import (
	"errors"
	"fmt"
	"time"
)

// Settings are the environment's own figures.
type Settings struct {
	// AvailabilityPercent is the share of requests that must not fail, e.g. 99.9.
	AvailabilityPercent float64
	// LatencyPercent is the share of requests that must take no longer than
	// LatencySeconds, e.g. 95. LatencySeconds must be a bound of the histogram
	// http_request_duration_seconds.
	LatencyPercent, LatencySeconds float64
	// Backups are the tasks of the keeper that must succeed.
	Backups []Backup
	// DrillMaxAge is how old the last good restore drill may be, and
	// DrillMaxDuration how long one may take.
	DrillMaxAge, DrillMaxDuration time.Duration
	// Replicas is how many read replicas the database has. With none, nothing
	// watches them.
	Replicas int
	// ReadinessMaxAge is how old the last run of the readiness checks may be; 0
	// when none run in the cluster.
	ReadinessMaxAge time.Duration
	// PluginMaintenanceMaxAge is how old the last good run of the CronJob
	// plugin-installer may be; 0 when plugins are not managed, and nothing watches
	// them.
	PluginMaintenanceMaxAge time.Duration
}

// Backup is a task that must succeed now and then.
type Backup struct {
	// Task is the label task of its metrics, e.g. "database".
	Task string
	// MaxAge is how old the last success may be.
	MaxAge time.Duration
}

// Topics returns all rules.
func Topics(s Settings) ([]Topic, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("write alert rules: %w", err)
	}
	topics := []Topic{
		portal(), objectives(s), ingress(),
		postgres(s), pooler(), redis(), backups(s),
		workloads(), nodes(), certificates(), secrets(),
		uptime(), monitoring(), logging(),
	}
	if s.ReadinessMaxAge > 0 {
		topics = append(topics, readiness(s))
	}
	if s.PluginMaintenanceMaxAge > 0 {
		topics = append(topics, plugins(s))
	}
	return topics, nil
}

// check refuses settings under which an alert could never fire or never cease.
func (s Settings) check() error {
	var wrong []error
	for name, percent := range map[string]float64{"availability": s.AvailabilityPercent, "latency": s.LatencyPercent} {
		// The fastest burn is a share of failures, and no share exceeds 1.
		if limit := 100 * (1 - 1/fastestBurn); percent <= limit || percent >= 100 {
			wrong = append(wrong, fmt.Errorf("set the %s objective above %.1f and below 100 percent: at %g its fastest alert never fires or never ceases",
				name, limit, percent))
		}
	}
	if s.LatencySeconds <= 0 {
		wrong = append(wrong, errors.New("set the latency objective above 0 seconds"))
	}
	if len(s.Backups) == 0 || s.DrillMaxAge <= 0 || s.DrillMaxDuration <= 0 {
		wrong = append(wrong, errors.New("set the backups that must succeed, and the age and duration of a restore drill"))
	}
	if s.ReadinessMaxAge != 0 && s.ReadinessMaxAge < time.Hour {
		wrong = append(wrong, fmt.Errorf("let the last readiness run be an hour old or more: it may be %s", s.ReadinessMaxAge))
	}
	if s.PluginMaintenanceMaxAge != 0 && s.PluginMaintenanceMaxAge < time.Hour {
		wrong = append(wrong, fmt.Errorf("let the last maintenance of plugins be an hour old or more: it may be %s", s.PluginMaintenanceMaxAge))
	}
	for _, b := range s.Backups {
		if b.MaxAge < time.Hour {
			wrong = append(wrong, fmt.Errorf("let the backup %q be an hour old or more: it may be %s", b.Task, b.MaxAge))
		}
	}
	return errors.Join(wrong...)
}
