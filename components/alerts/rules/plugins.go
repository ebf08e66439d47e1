package rules

import "fmt"

// pluginJobs are the Jobs that install plugins (components/plugins).
const pluginJobs = `namespace="backstage",job_name=~"plugin-(stage|assemble|activate|build)-.+"`

// stageJobs are those of them in which the gate judges.
const stageJobs = `namespace="backstage",job_name=~"plugin-stage-.+"`

// nightly are the runs of the CronJob, which Kubernetes numbers.
const nightly = `namespace="backstage",job_name=~"plugin-installer-[0-9]+"`

// decided is 1 for each Job of a selector that its pod failure policy ended: its exit
// code said that another try changes nothing. kube-state-metrics has no name for that
// reason; one that got a name keeps it. A Job that could not look has another one:
// BackoffLimitExceeded or DeadlineExceeded.
func decided(jobs string) string {
	return `max by (namespace, job_name) (kube_job_status_failed{reason=~"|PodFailurePolicy",` + jobs + `}) > 0`
}

// plugins watches Backstage's plugins: their installation, and what Backstage has
// really loaded (deployment guide, "Metrics to Track"). Of the first the Jobs tell,
// of the second the probe in every pod (plugins/prove).
func plugins(s Settings) Topic {
	return Topic{Name: "plugins", Records: pluginRecords(), Alerts: append([]Alert{
		{
			Name: "PluginNotLoaded", Severity: Warning, Service: "plugins", For: "10m",
			Expr:        `min by (plugin) (gatehouse_plugin_loaded) == 0`,
			Summary:     "Plugin {{ $labels.plugin }} is not loaded",
			Description: "Some Backstage pod has found {{ $labels.plugin }} and not loaded it, for 10 minutes.",
		},
		{
			Name: "PluginErrorsHigh", Severity: Warning, Service: "plugins", For: "10m",
			Expr:        `plugin:gatehouse_plugin_errors:rate5m > 0.1`,
			Summary:     "Plugin {{ $labels.plugin }} fails again and again",
			Description: "{{ $labels.plugin }} has made {{ $value | humanize }} errors a second for 10 minutes.",
		},
		{
			Name: "PluginGenerationsDiffer", Severity: Warning, Service: "plugins", For: "15m",
			Expr:        `count(count by (generation) (gatehouse_plugin_generation_info)) > 1`,
			Summary:     "Backstage's pods have different plugins",
			Description: "For 15 minutes the pods have had {{ $value }} generations of plugins: longer than a rollout takes.",
		},
		{
			// The comparison sees one pod without a probe, absent() all of them.
			Name: "PluginProbeAbsent", Severity: Warning, Service: "plugins", For: "15m",
			Expr: `absent(gatehouse_plugin_generation_info)
  or sum(kube_deployment_status_replicas_available{namespace="backstage",deployment=~"backstage-backend(-blue|-green)?"})
  > count(count by (pod) (gatehouse_plugin_generation_info))`,
			Summary:     "Backstage does not say which plugins it has",
			Description: "For 15 minutes no probe has answered Prometheus, or fewer than there are Backstage pods: the other alerts about plugins are blind.",
		},
	}, pluginJobAlerts(s)...)}
}

// pluginJobAlerts are those about the installer's own work.
func pluginJobAlerts(s Settings) []Alert {
	const maintenance = `{namespace="backstage",cronjob="plugin-installer"}`
	return []Alert{
		{
			// As JobFailed, which it takes the place of (routing): the Jobs stay, and
			// only those of the last day count.
			Name: "PluginInstallFailed", Severity: Warning, Service: "plugins",
			// What the gate refuses is a decision: who asked is told, and nobody is called.
			Expr: byStep(failedLately(pluginJobs) + `
  unless ` + decided(stageJobs)),
			Summary:     "Installing plugins failed: {{ $labels.step }}",
			Description: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed within a day; the last good plugins are served.",
		},
		{
			// Exit code 1 of the nightly run; that it could not look is JobFailed.
			Name: "PluginsNotAsProved", Severity: Warning, Service: "plugins",
			Expr: failedLately(nightly) + `
  and ` + decided(nightly),
			Summary:     "The portal's plugins are not what was proved",
			Description: "Job {{ $labels.namespace }}/{{ $labels.job_name }} has found changed files, another generation in the portal's pods, or an audit trail that is not whole. Its log says which.",
		},
		{
			Name: "PluginInstallSlow", Severity: Warning, Service: "plugins",
			Expr:        slow("stage|assemble", 300) + "\n  or " + slow("activate", 900) + "\n  or " + slow("build", 2700),
			Summary:     "Installing plugins takes long: {{ $labels.step }}",
			Description: "Job {{ $labels.namespace }}/{{ $labels.job_name }} has run for {{ $value | humanizeDuration }} and has not ended.",
		},
		{
			// A new environment has as long for its first run.
			Name: "PluginMaintenanceMissed", Severity: Warning, Service: "plugins", For: "15m",
			Expr: fmt.Sprintf(`time() - (max(kube_cronjob_status_last_successful_time%[1]s) or max(kube_cronjob_created%[1]s)) > %[2]d
  or absent(max(kube_cronjob_created%[1]s))`, maintenance, int(s.PluginMaintenanceMaxAge.Seconds())),
			Summary:     "The plugins have not been looked after lately",
			Description: "CronJob plugin-installer has not succeeded for " + s.PluginMaintenanceMaxAge.String() + ", or is not there.",
		},
	}
}

// failedLately are the Jobs of a selector that failed within a day: they stay, and an
// old failure is no news.
func failedLately(jobs string) string {
	return `max by (namespace, job_name) (kube_job_failed{condition="true",` + jobs + `}) > 0
  and time() - max by (namespace, job_name) (kube_job_status_start_time{` + jobs + `}) < 86400`
}

// pluginRecords are of the last 7 days. A Job that was made anew under its name
// counts once as complete, once as failed and once as refused, however often it was.
// Refused is what the gate did not let in: no failure, and no success either.
func pluginRecords() []Record {
	const complete, failed = `step:gatehouse_plugin_jobs_complete:count7d`, `step:gatehouse_plugin_jobs_failed:count7d`
	// A step that never failed, or never succeeded, has no count of that.
	const succeeded, wrong = `(` + complete + ` or 0 * ` + failed + `)`, `(` + failed + ` or 0 * ` + complete + `)`
	started := `max by (job_name) (max_over_time(kube_job_status_start_time{` + pluginJobs + `}[7d]))`
	lately := ` and on (job_name) time() - ` + started + ` < 604800`
	ended := func(metric, but string) string {
		return `count by (step) (` + byStep(`max by (job_name) (max_over_time(`+metric+`{condition="true",`+pluginJobs+`}[7d])) == 1`+but+lately) + `)`
	}
	// While a Job is tried again it has failed pods without a reason too: it is lost when
	// it got one.
	reason := func(matches string) string {
		return `max by (job_name) (max_over_time(kube_job_status_failed{reason` + matches + `"|PodFailurePolicy",` + stageJobs + `}[7d])) > 0`
	}
	refused := ` (` + reason("=~") + ` unless ` + reason("!~") + `)`
	took := `max by (job_name) (max_over_time(kube_job_status_completion_time{` + pluginJobs + `}[7d])) - ` + started + ` >= 0`
	return []Record{
		{complete, ended("kube_job_complete", "")},
		{failed, ended("kube_job_failed", " unless "+refused)},
		{"step:gatehouse_plugin_jobs_refused:count7d", ended("kube_job_failed", " and "+refused)},
		{"step:gatehouse_plugin_jobs_success:ratio7d", succeeded + ` / (` + succeeded + ` + ` + wrong + `)`},
		{"step:gatehouse_plugin_job_duration_seconds:max7d", `max by (step) (` + byStep(took+lately) + `)`},
		{"plugin:gatehouse_plugin_errors:rate5m", `sum by (plugin) (rate(gatehouse_plugin_errors_total[5m]))`},
	}
}

// byStep adds the label step, which a Job's name has: stage, assemble, activate or
// build.
func byStep(expr string) string {
	return `label_replace(` + expr + `, "step", "$1", "job_name", "plugin-([a-z]+)-.*")`
}

// slow are the Jobs of these steps that have run for so many seconds and not ended.
// Kubernetes ends them itself at their deadline, which is later.
func slow(steps string, seconds int) string {
	jobs := fmt.Sprintf(`namespace="backstage",job_name=~"plugin-(%s)-.+"`, steps)
	ended := func(metric string) string {
		return `max by (namespace, job_name) (` + metric + `{condition="true",` + jobs + `}) == 1`
	}
	return byStep(fmt.Sprintf(`time() - max by (namespace, job_name) (kube_job_status_start_time{%s}) > %d unless (%s or %s)`,
		jobs, seconds, ended("kube_job_complete"), ended("kube_job_failed")))
}
