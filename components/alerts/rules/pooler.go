package rules

// pooler watches PgBouncer through its exporter.
func pooler() Topic {
	return Topic{
		Name: "pooler",
		Records: []Record{{
			// Pools name a database by its alias, databases by the label name.
			"database:pgbouncer_pool_used:ratio", `sum by (pod, database) (pgbouncer_pools_server_active_connections)
  / max by (pod, database) (label_replace(pgbouncer_databases_pool_size, "database", "$1", "name", "(.+)") > 0)`,
		}},
		Alerts: []Alert{
			{
				Name: "PgBouncerDown", Severity: Critical, Service: "pgbouncer", For: "1m",
				Expr:        `max(pgbouncer_up) == 0 or absent(pgbouncer_up)`,
				Summary:     "PgBouncer is down",
				Description: "No PgBouncer has answered its exporter for a minute, or none is found: nothing reaches the database.",
			},
			{
				Name: "PgBouncerClientsWaiting", Severity: Warning, Service: "pgbouncer", For: "5m",
				Expr:        `max by (database) (pgbouncer_pools_client_maxwait_seconds) > 1`,
				Summary:     "Clients wait for a database connection",
				Description: "The oldest client of {{ $labels.database }} waits {{ $value | humanizeDuration }} for a connection.",
			},
			{
				Name: "PgBouncerPoolSaturated", Severity: Warning, Service: "pgbouncer", For: "10m",
				Expr:        `max by (database) (database:pgbouncer_pool_used:ratio) > 0.9`,
				Summary:     "A connection pool is nearly used up",
				Description: "{{ $value | humanizePercentage }} of the pool of {{ $labels.database }} have been busy for 10 minutes.",
			},
		},
	}
}
