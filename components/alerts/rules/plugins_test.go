package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"gatehouse/components/alerts/rules"
)

// Time begins at 0. The plugins may go without maintenance for an hour and a half.
func pluginStories() []story {
	plugin := labels("plugin", "@acme/notes")
	loaded := func(pod, values string) string {
		return `gatehouse_plugin_loaded{plugin="@acme/notes",pod="` + pod + `"} ` + values
	}
	generation := func(pod, generation, values string) string {
		return `gatehouse_plugin_generation_info{generation="` + generation + `",pod="` + pod + `"} ` + values
	}
	available := func(deployment, values string) string {
		return `kube_deployment_status_replicas_available{namespace="backstage",deployment="` + deployment + `"} ` + values
	}
	// job is one Job that started at a second, and how it has ended since.
	job := func(name, started, condition, values string) []string {
		const of = `{namespace="backstage",job_name="`
		series := []string{`kube_job_status_start_time` + of + name + `"} ` + started}
		if condition != "" {
			series = append(series, `kube_job_`+condition+of+name+`",condition="true"} `+values)
		}
		return series
	}
	// pods is how many pods of a Job failed, for a reason; "" is that of the pod failure
	// policy, and of a Job that is still tried.
	pods := func(name, reason, values string) string {
		return `kube_job_status_failed{namespace="backstage",job_name="` + name + `",reason="` + reason + `"} ` + values
	}
	const stage, night = "plugin-stage-acme-notes-0123456789", "plugin-installer-29000000"
	step := func(name, step string) map[string]string {
		return labels("namespace", "backstage", "job_name", name, "step", step)
	}
	cron := func(metric, values string) string {
		return metric + `{namespace="backstage",cronjob="plugin-installer"} ` + values
	}
	return []story{
		{
			alert: "PluginNotLoaded warning",
			fires: []scene{{series: []string{loaded("a", "0x15"), loaded("b", "1x15")}, at: "12m", labels: plugin}},
			quiet: []scene{
				{series: []string{loaded("a", "1 0 0 0 1x15")}, at: "12m"},
				// The pod was taken away and the portal went back.
				{series: []string{loaded("a", "0x5 stale"), loaded("b", "1x15")}, at: "12m"},
			},
		},
		{
			alert: "PluginErrorsHigh warning",
			fires: []scene{{series: []string{
				`gatehouse_plugin_errors_total{plugin="@acme/notes",kind="answer"} 0+6x20`, `gatehouse_plugin_errors_total{plugin="@acme/notes",kind="uncaught"} 0+6x20`,
			}, at: "18m", labels: plugin}},
			quiet: []scene{{series: []string{`gatehouse_plugin_errors_total{plugin="@acme/notes",kind="answer"} 0+3x20`}, at: "18m"}},
		},
		{
			alert: "PluginGenerationsDiffer warning",
			fires: []scene{
				{series: []string{generation("a", "new", "1x20"), generation("b", "old", "1x20")}, at: "17m"},
				// One pod has none at all.
				{series: []string{generation("a", "new", "1x20"), generation("b", "", "1x20")}, at: "17m"},
			},
			quiet: []scene{
				{series: []string{generation("a", "new", "1x20"), generation("b", "old", "1x10 stale"), generation("c", "new", "_x5 1x20")}, at: "17m"},
				{series: []string{generation("a", "new", "1x20"), generation("b", "old", "1x20")}, at: "14m"},
				// Two containers of one pod.
				{series: []string{generation("a", "new", "1x20"), `gatehouse_plugin_generation_info{generation="new",pod="a",container="plugin-loader"} 1x20`}, at: "17m"},
			},
		},
		{
			alert: "PluginProbeAbsent warning",
			fires: []scene{
				{at: "17m"},
				{series: []string{generation("a", "new", "1x20"), available("backstage-backend", "2x20")}, at: "17m"},
				// Two containers of one pod are no two pods.
				{series: []string{
					generation("a", "new", "1x20"), `gatehouse_plugin_generation_info{generation="new",pod="a",container="plugin-loader"} 1x20`,
					available("backstage-backend-green", "2x20"),
				}, at: "17m"},
			},
			quiet: []scene{
				{at: "14m"},
				{series: []string{generation("a", "new", "1x20"), generation("b", "new", "1x20"), available("backstage-backend-blue", "2x20"), available("backstage-backend-green", "0x20")}, at: "17m"},
				{series: []string{generation("a", "new", "1x20"), available("backstage-backend", "1x20"), available("pgbouncer", "2x20")}, at: "17m"},
			},
		},
		{
			alert: "PluginInstallFailed warning",
			fires: []scene{
				{series: job("plugin-stage-acme-notes-0123456789", "0x20", "failed", "1x20"), at: "7m", labels: step("plugin-stage-acme-notes-0123456789", "stage")},
				{series: job("plugin-activate-0123456789", "0x20", "failed", "_x5 1x20"), at: "7m", labels: step("plugin-activate-0123456789", "activate")},
				// It could not look: the registry did not answer four times.
				{series: append(job(stage, "0x20", "failed", "_x5 1x20"), pods(stage, "", "4x5 stale"), pods(stage, "BackoffLimitExceeded", "_x5 1x20"), pods(stage, "DeadlineExceeded", "_x5 0x20")), at: "7m", labels: step(stage, "stage")},
				// A portal that did not load what it should is no decision.
				{series: append(job("plugin-activate-0123456789", "0x20", "failed", "1x20"), pods("plugin-activate-0123456789", "", "1x20")), at: "7m", labels: step("plugin-activate-0123456789", "activate")},
			},
			quiet: []scene{
				{series: job("plugin-stage-acme-notes-0123456789", "0x20", "complete", "1x20"), at: "7m"},
				{series: job("plugin-activate-0123456789", "-86400x20", "failed", "1x20"), at: "7m"},
				// The next up made it anew.
				{series: job("plugin-activate-0123456789", "0x2 120x20", "failed", "1x2 stale"), at: "7m"},
				// The gate refused it.
				{series: append(job(stage, "0x20", "failed", "1x20"), pods(stage, "", "1x20"), pods(stage, "BackoffLimitExceeded", "0x20")), at: "7m"},
				{series: append(job(stage, "0x20", "failed", "1x20"), pods(stage, "PodFailurePolicy", "1x20")), at: "7m"},
				// JobFailed's: the CronJob's own runs, another namespace's Jobs.
				{series: job("plugin-installer-29000000", "0x20", "failed", "1x20"), at: "7m"},
				{series: []string{
					`kube_job_failed{namespace="other",job_name="plugin-stage-x",condition="true"} 1x20`,
					`kube_job_status_start_time{namespace="other",job_name="plugin-stage-x"} 0x20`,
				}, at: "7m"},
			},
		},
		{
			alert: "PluginsNotAsProved warning",
			fires: []scene{{series: append(job(night, "0x20", "failed", "1x20"), pods(night, "", "1x20")), at: "7m", labels: labels("namespace", "backstage", "job_name", night)}},
			quiet: []scene{
				{series: append(job(night, "0x20", "complete", "1x20"), pods(night, "", "1x20")), at: "7m"},
				{series: append(job(night, "-86400x20", "failed", "1x20"), pods(night, "", "1x20")), at: "7m"},
				// JobFailed's: it could not look.
				{series: append(job(night, "0x20", "failed", "1x20"), pods(night, "DeadlineExceeded", "1x20")), at: "7m"},
				// Somebody's own Job.
				{series: append(job("plugin-installer-mine", "0x20", "failed", "1x20"), pods("plugin-installer-mine", "", "1x20")), at: "7m"},
			},
		},
		{
			alert: "PluginInstallSlow warning",
			fires: []scene{
				{series: job("plugin-stage-acme-notes-0123456789", "0x60", "", ""), at: "6m", labels: step("plugin-stage-acme-notes-0123456789", "stage")},
				{series: job("plugin-assemble-0123456789", "0x60", "", ""), at: "6m", labels: step("plugin-assemble-0123456789", "assemble")},
				{series: job("plugin-activate-0123456789", "0x60", "", ""), at: "16m", labels: step("plugin-activate-0123456789", "activate")},
				{series: job("plugin-build-0123456789", "0x60", "", ""), at: "46m", labels: step("plugin-build-0123456789", "build")},
			},
			quiet: []scene{
				{series: job("plugin-activate-0123456789", "0x60", "", ""), at: "14m"},
				{series: job("plugin-build-0123456789", "0x60", "", ""), at: "44m"},
				{series: job("plugin-stage-acme-notes-0123456789", "0x60", "complete", "_x2 1x60"), at: "50m"},
				{series: job("plugin-activate-0123456789", "0x60", "failed", "_x2 1x60"), at: "50m"},
				{series: job("plugin-installer-29000000", "0x60", "", ""), at: "50m"},
			},
		},
		{
			alert: "PluginMaintenanceMissed warning",
			fires: []scene{
				{series: []string{cron("kube_cronjob_created", "0x120"), cron("kube_cronjob_status_last_successful_time", "60x120")}, at: "107m"},
				{series: []string{cron("kube_cronjob_created", "0x120")}, at: "106m"}, // it never succeeded
				{at: "16m"}, // it is not there
			},
			quiet: []scene{
				{series: []string{cron("kube_cronjob_created", "0x120"), cron("kube_cronjob_status_last_successful_time", "60x60 3600x60")}, at: "107m"},
				{series: []string{cron("kube_cronjob_created", "0x120")}, at: "89m"}, // a new environment
			},
		},
	}
}

func TestWithoutManagedPluginsNothingWatchesThem(t *testing.T) {
	s := settings()
	s.PluginMaintenanceMaxAge = 0
	topics, err := rules.Topics(s)
	require.NoError(t, err)
	for _, topic := range topics {
		require.NotEqual(t, "plugins", topic.Name)
	}
}

// TestPluginRecords: what the dashboard says of the Jobs of 7 days. Series have a
// sample an hour.
func TestPluginRecords(t *testing.T) {
	tool, dir := promtool(t), t.TempDir()
	all := topics(t)
	topic := all[slices.IndexFunc(all, func(topic rules.Topic) bool { return topic.Name == "plugins" })]
	topic.Alerts = nil
	text, err := yaml.Marshal(topic.Spec("https://runbooks"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "plugins.rules.yaml"), text, 0o600))

	const of = `{namespace="backstage",job_name="plugin-`
	series := []inputSeries{
		// Staged in 20 s and in 8 s; one failed; one is older than a week and stays.
		{`kube_job_status_start_time` + of + `stage-a-1"}`, "720000x300"},
		{`kube_job_status_completion_time` + of + `stage-a-1"}`, "720020x300"},
		{`kube_job_complete` + of + `stage-a-1",condition="true"}`, "1x300"},
		{`kube_job_status_start_time` + of + `stage-b-1"}`, "720000x300"},
		{`kube_job_status_completion_time` + of + `stage-b-1"}`, "720008x300"},
		{`kube_job_complete` + of + `stage-b-1",condition="true"}`, "1x300"},
		{`kube_job_status_start_time` + of + `stage-c-1"}`, "720000x300"},
		{`kube_job_failed` + of + `stage-c-1",condition="true"}`, "1x300"},
		{`kube_job_status_start_time` + of + `stage-d-1"}`, "0x300"},
		{`kube_job_status_completion_time` + of + `stage-d-1"}`, "500x300"},
		{`kube_job_complete` + of + `stage-d-1",condition="true"}`, "1x300"},
		// This one the gate refused; the next was tried until it was given up.
		{`kube_job_status_start_time` + of + `stage-e-1"}`, "720000x300"},
		{`kube_job_failed` + of + `stage-e-1",condition="true"}`, "1x300"},
		{`kube_job_status_failed` + of + `stage-e-1",reason=""}`, "1x300"},
		{`kube_job_status_failed` + of + `stage-e-1",reason="BackoffLimitExceeded"}`, "0x300"},
		{`kube_job_status_start_time` + of + `stage-f-1"}`, "720000x300"},
		{`kube_job_failed` + of + `stage-f-1",condition="true"}`, "_x210 1x90"},
		{`kube_job_status_failed` + of + `stage-f-1",reason=""}`, "_x205 3x5 stale"},
		{`kube_job_status_failed` + of + `stage-f-1",reason="BackoffLimitExceeded"}`, "_x210 1x90"},
		// One never failed, another never succeeded.
		{`kube_job_status_start_time` + of + `assemble-1"}`, "720000x300"},
		{`kube_job_status_completion_time` + of + `assemble-1"}`, "720002x300"},
		{`kube_job_complete` + of + `assemble-1",condition="true"}`, "1x300"},
		{`kube_job_status_start_time` + of + `activate-1"}`, "720000x300"},
		{`kube_job_failed` + of + `activate-1",condition="true"}`, "1x10 stale"},
		{`kube_job_failed` + of + `activate-1",condition="false"}`, "0x300"},
		// This one is no installation.
		{`kube_job_status_start_time` + of + `installer-1"}`, "720000x300"},
		{`kube_job_complete` + of + `installer-1",condition="true"}`, "1x300"},
	}
	want := func(record string, values map[string]float64) exprTest {
		asked := exprTest{Expr: record, At: "10d"}
		for step, value := range values {
			asked.Samples = append(asked.Samples, sample{Labels: record + `{step="` + step + `"}`, Value: value})
		}
		return asked
	}
	file := testFile{RuleFiles: []string{"plugins.rules.yaml"}, Evaluation: "12h", Tests: []testCase{{
		Name: "records", Interval: "1h", Series: series,
		Exprs: []exprTest{
			want("step:gatehouse_plugin_jobs_complete:count7d", map[string]float64{"stage": 2, "assemble": 1}),
			want("step:gatehouse_plugin_jobs_failed:count7d", map[string]float64{"stage": 2}),
			want("step:gatehouse_plugin_jobs_refused:count7d", map[string]float64{"stage": 1}),
			want("step:gatehouse_plugin_jobs_success:ratio7d", map[string]float64{"stage": 2.0 / 4, "assemble": 1}),
			want("step:gatehouse_plugin_job_duration_seconds:max7d", map[string]float64{"stage": 20, "assemble": 2}),
		},
	}, {
		Name: "all failed", Interval: "1h", Series: []inputSeries{
			{`kube_job_status_start_time` + of + `activate-1"}`, "720000x300"}, {`kube_job_failed` + of + `activate-1",condition="true"}`, "1x300"},
		},
		Exprs: []exprTest{want("step:gatehouse_plugin_jobs_success:ratio7d", map[string]float64{"activate": 0})},
	}}}
	text, err = yaml.Marshal(file)
	require.NoError(t, err)
	name := filepath.Join(dir, "plugins.test.yaml")
	require.NoError(t, os.WriteFile(name, text, 0o600))
	passed, failed := judge(t, tool, dir, []string{name})
	require.Empty(t, failed)
	require.Len(t, passed, 2)
}
