package rules_test

func postgresStories() []story {
	primary, replica := labels("instance", "primary"), labels("instance", "replica")
	connections := func(active, idle, limit string) []string {
		return []string{
			`pg_stat_activity_count{instance="primary",datname="portal",state="active"} ` + active + "x10",
			`pg_stat_activity_count{instance="primary",datname="portal",state="idle"} ` + idle + "x10",
			`pg_settings_max_connections{instance="primary"} ` + limit + "x10",
		}
	}
	lag := func(seconds string) []string {
		return []string{`pg_replication_lag_seconds{instance="replica"} ` + seconds + "x10", `pg_replication_lag_seconds{instance="primary"} 0x10`}
	}
	return []story{
		{
			alert: "PostgresDown critical",
			fires: []scene{{series: []string{`pg_up{instance="primary"} 0x5`}, at: "3m"}, {at: "3m"}},
			quiet: []scene{{series: []string{`pg_up{instance="primary"} 1x5`, `pg_up{instance="replica"} 0x5`}, at: "3m"}},
		},
		{
			// No state alone has 80: the guide's expression is silent here.
			alert: "DatabaseConnectionHigh warning",
			fires: []scene{{series: connections("50", "35", "100"), at: "8m", labels: primary}},
			// And here it fires, at a fifth of what the database takes.
			quiet: []scene{{series: connections("85", "0", "400"), at: "8m"}},
		},
		{
			alert: "DatabaseConnectionHigh critical",
			fires: []scene{{series: connections("60", "37", "100"), at: "8m", labels: primary}},
			quiet: []scene{{series: connections("50", "35", "100"), at: "8m"}},
		},
		{
			alert: "ReplicationLagHigh warning",
			fires: []scene{{series: lag("60"), at: "7m", labels: replica}},
			quiet: []scene{{series: lag("10"), at: "7m"}},
		},
		{
			alert: "ReplicationLagHigh critical",
			fires: []scene{{series: lag("600"), at: "7m", labels: replica}},
			quiet: []scene{{series: lag("60"), at: "7m"}},
		},
		{
			alert: "ReplicaDown warning",
			fires: []scene{
				{series: []string{`pg_replication_is_replica{instance="primary"} 0x10`, `pg_replication_is_replica{instance="replica"} 1x10`}, at: "7m"},
				{at: "7m"},
			},
			quiet: []scene{{series: []string{`pg_replication_is_replica{instance="replica"} 1x10`, `pg_replication_is_replica{instance="other"} 1x10`}, at: "7m"}},
		},
	}
}

func poolerStories() []story {
	database := labels("database", "portal")
	pool := func(active string) []string {
		return []string{
			`pgbouncer_pools_server_active_connections{pod="a",database="portal",user="portal"} ` + active + "x15",
			`pgbouncer_databases_pool_size{pod="a",name="portal",database="gatehouse"} 20x15`,
		}
	}
	return []story{
		{
			alert: "PgBouncerDown critical",
			fires: []scene{{series: []string{`pgbouncer_up{pod="a"} 0x5`, `pgbouncer_up{pod="b"} 0x5`}, at: "2m"}, {at: "2m"}},
			quiet: []scene{{series: []string{`pgbouncer_up{pod="a"} 0x5`, `pgbouncer_up{pod="b"} 1x5`}, at: "2m"}},
		},
		{
			alert: "PgBouncerClientsWaiting warning",
			fires: []scene{{series: []string{`pgbouncer_pools_client_maxwait_seconds{pod="a",database="portal"} 5x10`}, at: "7m", labels: database}},
			quiet: []scene{{series: []string{`pgbouncer_pools_client_maxwait_seconds{pod="a",database="portal"} 0.2x10`}, at: "7m"}},
		},
		{
			alert: "PgBouncerPoolSaturated warning",
			fires: []scene{{series: pool("19"), at: "13m", labels: database}},
			quiet: []scene{{series: pool("12"), at: "13m"}},
		},
	}
}

func redisStories() []story {
	node := labels("instance", "a")
	memory := func(used string) []string {
		return []string{`redis_memory_used_bytes{instance="a"} ` + used + "x15", `redis_memory_max_bytes{instance="a"} 100x15`}
	}
	return []story{
		{
			alert: "RedisDown critical",
			fires: []scene{{series: []string{`redis_up{instance="a"} 0x5`}, at: "3m"}, {at: "3m"}},
			quiet: []scene{{series: []string{`redis_up{instance="a"} 0x5`, `redis_up{instance="b"} 1x5`}, at: "3m"}},
		},
		{
			alert: "RedisMemoryHigh warning",
			fires: []scene{{series: memory("95"), at: "12m", labels: node}},
			quiet: []scene{
				{series: memory("80"), at: "12m"},
				// 0 means no limit.
				{series: []string{`redis_memory_used_bytes{instance="a"} 95x15`, `redis_memory_max_bytes{instance="a"} 0x15`}, at: "12m"},
			},
		},
		{
			alert: "RedisEvicting warning",
			fires: []scene{{series: []string{`redis_evicted_keys_total{instance="a"} 0+600x30`}, at: "25m", labels: node}},
			quiet: []scene{{series: []string{`redis_evicted_keys_total{instance="a"} 0+6x30`}, at: "25m"}},
		},
	}
}
