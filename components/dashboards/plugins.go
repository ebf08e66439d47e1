package dashboards

// plugins is what the deployment guide wants tracked ("Metrics to Track"):
// success rate, duration, health, resource usage and errors.
func plugins() Dashboard {
	// A backend plugin answers under /api/PLUGIN.
	const requests = `label_replace(sum by (route) (rate(http_requests_total{namespace="backstage",route=~"/api/.+"}[5m])), "plugin", "$1", "route", "/api/([^/]+).*")`
	return Dashboard{
		UID: "plugins", Title: "Plugins", Description: "How plugins are installed and how they do.",
		Rows: []Row{
			{"Installation", []Panel{
				stat("Installation success rate", "Share of the last 7 days' installations that succeeded. Refused ones were stopped by a check, and are none of the failures.", ratio,
					Query{`sum(increase(gatehouse_plugin_install_total{outcome="success"}[7d])) / sum(increase(gatehouse_plugin_install_total{outcome=~"success|failed"}[7d]))`, "success"}),
				graph("Installations a day", "How each day's installations ended.", count,
					Query{`outcome:gatehouse_plugin_install:increase1d`, "{{outcome}}"}),
				graph("Installation duration", "19 of 20 installations are faster.", seconds,
					Query{`plugin:gatehouse_plugin_install_duration_seconds:p95_rate1d`, "{{plugin}}"}),
				graph("Queue", "Installations that wait. It should empty.", count,
					Query{`max(gatehouse_plugin_queue_length)`, "waiting"}),
				graph("Refused and failed", "By plugin, in the last day.", count,
					Query{`sum by (plugin, outcome) (increase(gatehouse_plugin_install_total{outcome!="success"}[1d]))`, "{{plugin}} {{outcome}}"}),
				stat("Installer jobs that failed", "Failed Jobs that nobody has looked at yet.", count,
					Query{`sum(kube_job_status_failed{namespace="backstage",job_name=~"plugin-.*"})`, "failed"}),
			}},
			{"Health", []Panel{
				graph("Health", "1 where the plugin is loaded and well.", count,
					Query{`min by (plugin) (gatehouse_plugin_health)`, "{{plugin}}"}),
				graph("Errors", "Errors a second by plugin.", "eps",
					Query{`plugin:gatehouse_plugin_errors:rate5m`, "{{plugin}}"}),
				graph("Use", "Requests a second to each backend plugin, by the first part of its route.", "reqps",
					Query{`sum by (plugin) (` + requests + `)`, "{{plugin}}"}),
			}},
			{"Resources", []Panel{
				graph("CPU of Backstage", "Plugins share one process: this is all of them. Cores.", count,
					Query{`sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="backstage",container="backstage"}[5m]))`, "{{pod}}"}),
				graph("Memory of Backstage", "Plugins share one process: this is all of them.", bytes,
					Query{`sum by (pod) (container_memory_working_set_bytes{namespace="backstage",container="backstage"})`, "{{pod}}"}),
				graph("CPU of installations", "What plugin work uses on spare capacity. Cores.", count,
					Query{`sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="backstage",container=~"plugin-.*"}[5m]))`, "{{pod}}"}),
			}},
		},
	}
}
