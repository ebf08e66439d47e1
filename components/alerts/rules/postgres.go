package rules

import "fmt"

// postgres watches the database and its replicas through postgres-exporter.
func postgres(s Settings) Topic {
	topic := Topic{
		Name: "postgres",
		Records: []Record{
			{"instance:pg_connections:ratio", `sum by (instance) (pg_stat_activity_count) / min by (instance) (pg_settings_max_connections)`},
			{"instance:pg_transactions:rate5m", `sum by (instance) (rate(pg_stat_database_xact_commit[5m]) + rate(pg_stat_database_xact_rollback[5m]))`},
			{"instance:pg_cache_hit:ratio_rate5m", `sum by (instance) (rate(pg_stat_database_blks_hit[5m])) / sum by (instance) (rate(pg_stat_database_blks_hit[5m]) + rate(pg_stat_database_blks_read[5m]))`},
		},
		Alerts: []Alert{
			{
				Name: "PostgresDown", Severity: Critical, Service: "postgres", For: "2m",
				Expr:        `max(pg_up) == 0 or absent(pg_up)`,
				Summary:     "PostgreSQL does not answer",
				Description: "No database instance has answered the exporter for 2 minutes, or the exporter is gone.",
			},
			connections(Warning, "0.8", "5m"),
			connections(Critical, "0.95", "2m"),
		},
	}
	if s.Replicas == 0 {
		return topic
	}
	topic.Alerts = append(topic.Alerts,
		lag(Warning, 30), lag(Critical, 300),
		Alert{
			Name: "ReplicaDown", Severity: Warning, Service: "postgres", For: "5m",
			Expr:        fmt.Sprintf(`(count(pg_replication_is_replica == 1) or vector(0)) < %d`, s.Replicas),
			Summary:     "A read replica is missing",
			Description: fmt.Sprintf("{{ $value }} of %d read replicas answer; reads go to those left or to the primary.", s.Replicas),
		})
	return topic
}

// connections is the guide's alert mended: pg_stat_activity_count is one series
// a state and database, so none of them reaches 80 while their sum passes it;
// and 80 means nothing without the limit, which RDS derives from the memory.
func connections(severity Severity, share string, wait string) Alert {
	return Alert{
		Name: "DatabaseConnectionHigh", Severity: severity, Service: "postgres", For: duration(wait),
		Expr:        "instance:pg_connections:ratio > " + share,
		Summary:     "Database connections run out",
		Description: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its connections in use.",
	}
}

// lag is 0 on a primary, whatever happens, and on a replica that has replayed
// all that it received.
func lag(severity Severity, seconds int) Alert {
	return Alert{
		Name: "ReplicationLagHigh", Severity: severity, Service: "postgres", For: "5m",
		Expr:        fmt.Sprintf(`max by (instance) (pg_replication_lag_seconds) > %d`, seconds),
		Summary:     "A read replica lags behind",
		Description: "{{ $labels.instance }} is {{ $value | humanizeDuration }} behind the primary: reads are stale, and a failover to it would lose that much.",
	}
}
