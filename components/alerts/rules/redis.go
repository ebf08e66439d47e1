package rules

// redis watches the cache and session store through redis-exporter.
func redis() Topic {
	return Topic{
		Name: "redis",
		Records: []Record{
			{"instance:redis_memory_used:ratio", `max by (instance) (redis_memory_used_bytes) / max by (instance) (redis_memory_max_bytes > 0)`},
			{"instance:redis_hits:ratio_rate5m", `sum by (instance) (rate(redis_keyspace_hits_total[5m])) / sum by (instance) (rate(redis_keyspace_hits_total[5m]) + rate(redis_keyspace_misses_total[5m]))`},
		},
		Alerts: []Alert{
			{
				Name: "RedisDown", Severity: Critical, Service: "redis", For: "2m",
				Expr:        `max(redis_up) == 0 or absent(redis_up)`,
				Summary:     "Redis does not answer",
				Description: "No Redis node has answered the exporter for 2 minutes, or the exporter is gone: nobody can sign in.",
			},
			{
				Name: "RedisMemoryHigh", Severity: Warning, Service: "redis", For: "10m",
				Expr:        `instance:redis_memory_used:ratio > 0.9`,
				Summary:     "Redis is nearly full",
				Description: "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory; it evicts at 100 %.",
			},
			{
				// With allkeys-lru evictions are how a full cache works; but sessions
				// lie there too, and an evicted one signs a user out.
				Name: "RedisEvicting", Severity: Warning, Service: "redis", For: "15m",
				Expr:        `sum by (instance) (rate(redis_evicted_keys_total[5m])) > 1`,
				Summary:     "Redis evicts keys",
				Description: "{{ $labels.instance }} has evicted {{ $value | humanize }} keys a second for 15 minutes; users lose sessions.",
			},
		},
	}
}
