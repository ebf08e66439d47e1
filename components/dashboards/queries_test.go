package dashboards_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/components/alerts/rules"
	"gatehouse/internal/toolbox"
)

// known are the metrics that exist, by who gives them.
var known = map[string][]string{
	"the portal": {"http_requests_total", "http_request_duration_seconds_bucket", "websocket_connections"},
	"the plugins' probe": {
		"gatehouse_plugin_info", "gatehouse_plugin_loaded", "gatehouse_plugin_generation_info", "gatehouse_plugin_files_bytes",
		"gatehouse_plugin_requests_total", "gatehouse_plugin_request_seconds_total", "gatehouse_plugin_errors_total", "gatehouse_plugin_start_seconds",
	},
	"the keeper": {
		"gatehouse_backup_last_success_timestamp_seconds", "gatehouse_backup_last_duration_seconds", "gatehouse_backup_size_bytes",
		"gatehouse_backup_last_failure_timestamp_seconds", "gatehouse_restore_drill_last_success_timestamp_seconds",
		"gatehouse_restore_drill_duration_seconds", "gatehouse_restore_drill_backup_age_seconds", "gatehouse_restore_drill_passed",
		"gatehouse_restore_drill_last_run_timestamp_seconds",
	},
	"cAdvisor": {
		"container_cpu_usage_seconds_total", "container_memory_working_set_bytes",
		"container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_periods_total",
	},
	"the kubelet": {"kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes", "kubelet_volume_stats_used_bytes"},
	"kube-state-metrics": {
		"kube_pod_container_resource_limits", "kube_pod_container_status_restarts_total", "kube_job_status_active",
		"kube_cronjob_status_last_successful_time",
		"kube_horizontalpodautoscaler_status_current_replicas", "kube_horizontalpodautoscaler_spec_max_replicas",
		"kube_deployment_spec_replicas", "kube_deployment_status_replicas_available",
	},
	"node-exporter":     {"node_filesystem_avail_bytes", "node_filesystem_size_bytes"},
	"blackbox-exporter": {"probe_success", "probe_ssl_earliest_cert_expiry", "probe_duration_seconds"},
	"postgres-exporter": {
		"pg_replication_lag_seconds", "pg_stat_activity_count", "pg_stat_statements_seconds_total", "pg_stat_database_deadlocks",
		"pg_stat_database_xact_rollback", "pg_database_size_bytes", "pg_long_running_transactions_oldest_timestamp_seconds",
	},
	"pgbouncer-exporter": {"pgbouncer_pools_client_waiting_connections", "pgbouncer_pools_client_active_connections"},
	"redis-exporter":     {"redis_evicted_keys_total", "redis_commands_processed_total", "redis_connected_clients", "redis_up"},
	"Prometheus":         {"ALERTS"},
}

// recorded are the names that the environment's recording rules make.
func recorded(t *testing.T) []string {
	t.Helper()
	topics, err := rules.Topics(rules.Settings{
		AvailabilityPercent: 99.9, LatencyPercent: 95, LatencySeconds: 1, Replicas: 2,
		Backups: []rules.Backup{{Task: "database", MaxAge: 12 * time.Hour}}, DrillMaxAge: time.Hour, DrillMaxDuration: time.Hour,
		PluginMaintenanceMaxAge: 48 * time.Hour,
	})
	require.NoError(t, err)
	var names []string
	for _, topic := range topics {
		for _, record := range topic.Records {
			names = append(names, record.Name)
		}
	}
	return names
}

// queries are all expressions, by where they stand.
func queries(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for uid, b := range boards(t) {
		for _, p := range b.Panels {
			for _, target := range p.Targets {
				found[fmt.Sprintf("%s/%s/%s", uid, p.Title, target.RefID)] = target.Expr
			}
		}
	}
	require.NotEmpty(t, found)
	return found
}

var (
	inQuotes   = regexp.MustCompile(`"[^"]*"`)
	inBraces   = regexp.MustCompile(`\{[^}]*\}`)
	inBrackets = regexp.MustCompile(`\[[^\]]*\]`)
	grouping   = regexp.MustCompile(`\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`)
	function   = regexp.MustCompile(`[a-z_]+\s*\(`)
	name       = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_:]*`)
)

// metrics are the names of the series that an expression reads: what is left
// without matchers, ranges, groupings and functions.
func metrics(expr string) []string {
	expr = inQuotes.ReplaceAllString(expr, "")
	for _, drop := range []*regexp.Regexp{inBraces, inBrackets, grouping, function} {
		expr = drop.ReplaceAllString(expr, " ")
	}
	return slices.DeleteFunc(name.FindAllString(expr, -1), func(word string) bool {
		return slices.Contains([]string{"and", "or", "unless", "bool", "offset", "group_left", "group_right"}, word)
	})
}

func TestMetricsAreFoundInExpressions(t *testing.T) {
	require.Equal(t, []string{"a_total", "b:c"}, metrics(`topk(5, sum by (x, le) (rate(a_total{y=~"5.."}[5m]))) / on (x) group_left b:c > 0`))
}

func TestPanelsReadMetricsThatExist(t *testing.T) {
	exist := recorded(t)
	for _, names := range known {
		exist = append(exist, names...)
	}
	used := map[string]bool{}
	for where, expr := range queries(t) {
		read := metrics(expr)
		require.NotEmpty(t, read, where)
		for _, metric := range read {
			require.Contains(t, exist, metric, where)
			used[metric] = true
		}
	}
	require.Greater(t, len(used), 40)
}

// TestPrometheusParsesEveryQuery hands all expressions to Prometheus's own
// checker, as rules.
func TestPrometheusParsesEveryQuery(t *testing.T) {
	if testing.Short() {
		t.Skip("builds promtool when it is not there yet: skipped in -short")
	}
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	type group struct {
		Name  string `yaml:"name"`
		Rules []rule `yaml:"rules"`
	}
	all := group{Name: "queries"}
	for where, expr := range queries(t) {
		record := "query:" + regexp.MustCompile(`[^a-zA-Z0-9]`).ReplaceAllString(where, "_")
		all.Rules = append(all.Rules, rule{record, strings.ReplaceAll(expr, "$__rate_interval", "5m")})
	}
	text, err := yaml.Marshal(map[string][]group{"groups": {all}})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "queries.yaml")
	require.NoError(t, os.WriteFile(file, text, 0o600))

	promtool, err := toolbox.Ensure(t.Context(), "../..", toolbox.RuleTester, func(line string) { t.Log(line) })
	require.NoError(t, err)
	said, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput()
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), fmt.Sprintf("%d rules found", len(all.Rules)))
}
