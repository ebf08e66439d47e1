package pgbouncer

// table is an answer of the console with a row a thing, such as a pool.
type table struct {
	// show is what is asked, name what the metrics' names begin with.
	show, name string
	labels     []string
	counters   bool
	// metrics are the names by column.
	metrics map[string]string
}

// tables are those of pgbouncer-exporter v0.11.
func tables() []table {
	return []table{{
		show: "DATABASES", name: "databases",
		labels: []string{"name", "host", "port", "database", "force_user", "pool_mode"},
		metrics: map[string]string{
			"pool_size": "pool_size", "reserve_pool": "reserve_pool", "max_connections": "max_connections",
			"current_connections": "current_connections", "paused": "paused", "disabled": "disabled",
		},
	}, {
		show: "STATS_TOTALS", name: "stats", labels: []string{"database"}, counters: true,
		metrics: map[string]string{
			"query_count": "queries_pooled_total", "query_time": "queries_duration_seconds_total",
			"bytes_received": "received_bytes_total", "bytes_sent": "sent_bytes_total",
			"wait_time": "client_wait_seconds_total", "xact_count": "sql_transactions_pooled_total",
			"xact_time": "server_in_transaction_seconds_total",
		},
	}, {
		show: "POOLS", name: "pools", labels: []string{"database", "user"},
		metrics: map[string]string{
			"cl_active": "client_active_connections", "cl_waiting": "client_waiting_connections",
			"cl_active_cancel_req": "client_active_cancel_connections", "cl_waiting_cancel_req": "client_waiting_cancel_connections",
			"sv_active": "server_active_connections", "sv_active_cancel": "server_active_cancel_connections",
			"sv_being_canceled": "server_being_canceled_connections", "sv_idle": "server_idle_connections",
			"sv_used": "server_used_connections", "sv_tested": "server_testing_connections", "sv_login": "server_login_connections",
			"maxwait": "client_maxwait_seconds",
		},
	}}
}

// list is an answer of the console with a row a figure.
type list struct {
	show, key, value string
	// metrics are the names by key.
	metrics map[string]string
}

func lists() []list {
	return []list{{
		show: "LISTS", key: "list", value: "items",
		metrics: map[string]string{
			"databases": "databases", "users": "users", "pools": "pools", "free_clients": "free_clients", "used_clients": "used_clients",
			"login_clients": "login_clients", "free_servers": "free_servers", "used_servers": "used_servers",
			"dns_names": "cached_dns_names", "dns_zones": "cached_dns_zones", "dns_queries": "in_flight_dns_queries",
		},
	}, {
		show: "CONFIG", key: "key", value: "value",
		metrics: map[string]string{
			"max_client_conn": "config_max_client_connections", "max_user_connections": "config_max_user_connections",
		},
	}}
}
