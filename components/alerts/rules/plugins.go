package rules

// plugins watches Backstage's plugins: their installation and their health
// (deployment guide, "Metrics to Track"). An installation that the gate refuses
// is the gate's work, not a fault.
func plugins() Topic {
	return Topic{
		Name: "plugins",
		Records: []Record{
			{"outcome:gatehouse_plugin_install:increase1d", `sum by (outcome) (increase(gatehouse_plugin_install_total[1d]))`},
			{"plugin:gatehouse_plugin_install_duration_seconds:p95_rate1d", `histogram_quantile(0.95, sum by (plugin, le) (rate(gatehouse_plugin_install_duration_seconds_bucket[1d])))`},
			{"plugin:gatehouse_plugin_errors:rate5m", `sum by (plugin) (rate(gatehouse_plugin_errors_total[5m]))`},
		},
		Alerts: []Alert{
			{
				// A counter's first sample is no increase: the second line sees a
				// plugin whose first installation ever failed.
				Name: "PluginInstallFailed", Severity: Warning, Service: "plugins",
				Expr: `sum by (plugin) (increase(gatehouse_plugin_install_total{outcome="failed"}[30m])) > 0.5
  or (sum by (plugin) (gatehouse_plugin_install_total{outcome="failed"}) unless sum by (plugin) (gatehouse_plugin_install_total{outcome="failed"} offset 30m)) > 0`,
				Summary:     "Installing {{ $labels.plugin }} failed",
				Description: "An installation of {{ $labels.plugin }} failed within half an hour; the last good plugins are served.",
			},
			{
				Name: "PluginUnhealthy", Severity: Warning, Service: "plugins", For: "10m",
				Expr:        `min by (plugin) (gatehouse_plugin_health) == 0`,
				Summary:     "Plugin {{ $labels.plugin }} is not healthy",
				Description: "Backstage has not had plugin {{ $labels.plugin }} loaded and answering for 10 minutes.",
			},
			{
				Name: "PluginErrorsHigh", Severity: Warning, Service: "plugins", For: "10m",
				Expr:        `plugin:gatehouse_plugin_errors:rate5m > 0.1`,
				Summary:     "Plugin {{ $labels.plugin }} fails again and again",
				Description: "{{ $labels.plugin }} has made {{ $value | humanize }} errors a second for 10 minutes.",
			},
			{
				Name: "PluginQueueStuck", Severity: Warning, Service: "plugins", For: "30m",
				Expr:        `max(gatehouse_plugin_queue_length) > 0 and delta(max(gatehouse_plugin_queue_length)[30m:1m]) >= 0`,
				Summary:     "Plugin installations are stuck",
				Description: "{{ $value }} installations wait, and the queue has not become shorter for half an hour.",
			},
		},
	}
}
