package dashboards

// plugins is what the deployment guide wants tracked ("Metrics to Track"):
// success rate, duration, health, resource usage and errors. The Jobs tell of
// installations, the probe in every pod of what Backstage has loaded.
func plugins() Dashboard {
	// The Jobs that install plugins, as the rules have them (components/alerts).
	const jobs = `namespace="backstage",job_name=~"plugin-(stage|assemble|activate|build)-.+"`
	return Dashboard{
		UID: "plugins", Title: "Plugins", Description: "How plugins are installed and how they do.",
		Rows: []Row{
			{"Installation", []Panel{
				stat("Installation success rate", "Share of the last 7 days' installer Jobs that succeeded. What the gate refused is not among them: see Jobs.", ratio,
					Query{`sum(step:gatehouse_plugin_jobs_complete:count7d) / (sum(step:gatehouse_plugin_jobs_complete:count7d) + (sum(step:gatehouse_plugin_jobs_failed:count7d) or vector(0)))`, "success"}),
				graph("Success rate by step", "Of the last 7 days: stage judges and fetches, assemble puts together, activate switches and proves, build makes an image.", ratio,
					Query{`step:gatehouse_plugin_jobs_success:ratio7d`, "{{step}}"}),
				graph("Installation duration", "The longest Job of the last 7 days that succeeded.", seconds,
					Query{`step:gatehouse_plugin_job_duration_seconds:max7d`, "{{step}}"}),
				graph("Jobs", "Installer Jobs of the last 7 days by how they ended. The gate refuses; what failed could not be done.", count,
					Query{`step:gatehouse_plugin_jobs_complete:count7d`, "{{step}} complete"},
					Query{`step:gatehouse_plugin_jobs_refused:count7d`, "{{step}} refused"},
					Query{`step:gatehouse_plugin_jobs_failed:count7d`, "{{step}} failed"}),
				graph("Jobs at work", "Installer Jobs whose pods run now. They should end.", count,
					Query{`sum by (job_name) (kube_job_status_active{` + jobs + `}) > 0`, "{{job_name}}"}),
				stat("Since the last maintenance", "Volume verified, garbage collected, known vulnerabilities renewed: every night.", seconds,
					Query{`time() - max(kube_cronjob_status_last_successful_time{namespace="backstage",cronjob="plugin-installer"})`, "age"}),
			}},
			{"Health", []Panel{
				graph("Loaded", "Pods that have loaded a plugin, by version.", count,
					Query{`sum by (plugin, version) (gatehouse_plugin_loaded * on (namespace, pod, container, plugin) group_left (version) gatehouse_plugin_info)`, "{{plugin}} {{version}}"}),
				graph("Not loaded", "Pods that have found a plugin and failed to load it. None is right.", count,
					Query{`count by (plugin) (gatehouse_plugin_loaded == 0)`, "{{plugin}}"}),
				graph("Generation", "Pods by the generation of plugins that they have. Two lines are a rollout.", count,
					Query{`count by (generation) (gatehouse_plugin_generation_info)`, "{{generation}}"}),
				graph("Errors", "Errors a second by plugin: answers 5xx, and what nobody caught.", "eps",
					Query{`plugin:gatehouse_plugin_errors:rate5m`, "{{plugin}}"}),
				graph("Use", "Requests a second that each plugin's routes have answered.", "reqps",
					Query{`sum by (plugin) (rate(gatehouse_plugin_requests_total[5m]))`, "{{plugin}}"}),
				graph("Time to answer", "What a plugin's answers have taken on average.", seconds,
					Query{`sum by (plugin) (rate(gatehouse_plugin_request_seconds_total[5m])) / sum by (plugin) (rate(gatehouse_plugin_requests_total[5m]))`, "{{plugin}}"}),
			}},
			{"Resources", []Panel{
				graph("Size", "The files of each plugin.", bytes,
					Query{`max by (plugin) (gatehouse_plugin_files_bytes)`, "{{plugin}}"}),
				graph("Start", "From the start of a pod's process until all its plugins had started.", seconds,
					Query{`max by (pod) (gatehouse_plugin_start_seconds)`, "{{pod}}"}),
				graph("CPU of Backstage", "Plugins share one process: this is all of them. Those with a container of their own are plugin-loader. Cores.", count,
					Query{`sum by (pod, container) (rate(container_cpu_usage_seconds_total{namespace="backstage",container=~"backstage|plugin-loader"}[5m]))`, "{{pod}} {{container}}"}),
				graph("Memory of Backstage", "Plugins share one process: this is all of them. Those with a container of their own are plugin-loader.", bytes,
					Query{`sum by (pod, container) (container_memory_working_set_bytes{namespace="backstage",container=~"backstage|plugin-loader"})`, "{{pod}} {{container}}"}),
				graph("CPU of installations", "What plugin work uses on spare capacity. Cores.", count,
					Query{`sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="backstage",container="plugin-installer"}[5m]))`, "{{pod}}"}),
				graph("Memory of installations", "A Job that needs more than its limit is killed.", bytes,
					Query{`sum by (pod) (container_memory_working_set_bytes{namespace="backstage",container="plugin-installer"})`, "{{pod}}"}),
			}},
		},
	}
}
