package rules

import (
	"fmt"
	"time"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
)

// memory is how far back Prometheus looks for what the keeper pushed: a
// Pushgateway forgets everything at a restart, and a weekly drill would be
// unknown for up to a week.
const memory = "20d"

// backups watches the keeper: backups, and the drill that restores one.
func backups(s Settings) Topic {
	topic := Topic{
		Name: "backups",
		Records: []Record{{
			"task:gatehouse_backup_age:seconds", `time() - max by (task) (max_over_time(gatehouse_backup_last_success_timestamp_seconds[` + memory + `]))`,
		}},
	}
	for _, b := range s.Backups {
		topic.Alerts = append(topic.Alerts, old(b), missing(b))
	}
	topic.Alerts = append(topic.Alerts,
		Alert{
			Name: "BackupFailed", Severity: Warning, Service: "backup",
			Expr: `max by (task) (gatehouse_backup_last_failure_timestamp_seconds)
  > (max by (task) (gatehouse_backup_last_success_timestamp_seconds) or 0 * max by (task) (gatehouse_backup_last_failure_timestamp_seconds))`,
			Summary:     "The {{ $labels.task }} backup failed",
			Description: "The last run of the {{ $labels.task }} backup failed; none has succeeded since.",
		},
		Alert{
			Name: "BackupShrank", Severity: Warning, Service: "backup",
			Expr:        `max by (task) (gatehouse_backup_size_bytes) < 0.5 * max by (task) (max_over_time(gatehouse_backup_size_bytes[7d]))`,
			Summary:     "The {{ $labels.task }} backup is much smaller than before",
			Description: "The last {{ $labels.task }} backup has {{ $value | humanize1024 }}B, less than half of the largest within 7 days; data may be missing.",
		},
		Alert{
			Name: "RestoreDrillFailed", Severity: Critical, Service: "backup",
			Expr:        `min(gatehouse_restore_drill_passed) == 0`,
			Summary:     "The newest backup cannot be restored",
			Description: "The restore drill failed: the newest backup is missing, damaged or incomplete.",
		},
		Alert{
			Name: "RestoreDrillOverdue", Severity: Warning, Service: "backup", For: "1h",
			Expr:        fmt.Sprintf(`time() - max(max_over_time(gatehouse_restore_drill_last_success_timestamp_seconds[%s])) > %d`, memory, int(s.DrillMaxAge.Seconds())),
			Summary:     "No backup was restored lately",
			Description: "The last good restore drill is {{ $value | humanizeDuration }} ago (" + s.DrillMaxAge.String() + " are allowed).",
		},
		Alert{
			Name: "RestoreDrillMissing", Severity: Warning, Service: "backup", For: span(s.DrillMaxAge),
			Expr:        `absent_over_time(gatehouse_restore_drill_last_success_timestamp_seconds[` + memory + `])`,
			Summary:     "No backup was ever restored",
			Description: "Prometheus knows of no good restore drill.",
		},
		Alert{
			Name: "RestoreDrillTooSlow", Severity: Warning, Service: "backup",
			Expr:        fmt.Sprintf(`max(gatehouse_restore_drill_duration_seconds) > %d`, int(s.DrillMaxDuration.Seconds())),
			Summary:     "Restoring the database takes too long",
			Description: "The last drill took {{ $value | humanizeDuration }} (" + s.DrillMaxDuration.String() + " are allowed): a recovery would take longer than promised.",
		})
	return topic
}

// old is a backup whose last success is too long ago.
func old(b Backup) Alert {
	return Alert{
		Name: "BackupTooOld", Severity: Critical, Service: "backup", Labels: map[string]string{"task": b.Task}, For: "5m",
		Expr:        fmt.Sprintf(`task:gatehouse_backup_age:seconds{task="%s"} > %d`, b.Task, int(b.MaxAge.Seconds())),
		Summary:     "The {{ $labels.task }} backup is too old",
		Description: "The last good {{ $labels.task }} backup is {{ $value | humanizeDuration }} old (" + b.MaxAge.String() + " are allowed).",
	}
}

// missing is a backup that never succeeded. A new environment has as long for
// its first one as a backup may be old.
func missing(b Backup) Alert {
	return Alert{
		Name: "BackupMissing", Severity: Critical, Service: "backup", Labels: map[string]string{"task": b.Task}, For: span(b.MaxAge),
		Expr:        fmt.Sprintf(`absent_over_time(gatehouse_backup_last_success_timestamp_seconds{task="%s"}[%s])`, b.Task, memory),
		Summary:     "There is no {{ $labels.task }} backup",
		Description: "Prometheus knows of no good {{ $labels.task }} backup.",
	}
}

// span is a duration in Prometheus's spelling, to the minute.
func span(d time.Duration) monitoringv1.Duration {
	return duration(fmt.Sprintf("%dm", int(d.Minutes())))
}

func duration(text string) monitoringv1.Duration { return monitoringv1.Duration(text) }
