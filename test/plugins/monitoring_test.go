package plugins

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"gatehouse/components/dashboards"
	"gatehouse/test/suite"
)

// empty are the pictures that have nothing to show here, and why.
var empty = map[string]string{
	"Jobs at work":               "every Job has ended",
	"Since the last maintenance": "no night has passed",
	"Not loaded":                 "the plugins that are left are all loaded",
	"Errors":                     "no plugin that is left has made one",
	"CPU of Backstage":           "nodes of the sandbox have no cAdvisor",
	"Memory of Backstage":        "nodes of the sandbox have no cAdvisor",
	"CPU of installations":       "nodes of the sandbox have no cAdvisor",
	"Memory of installations":    "nodes of the sandbox have no cAdvisor",
}

// pictures wants every panel of the dashboard to show what happened here, and the
// alert about failed installations to know a refusal from a failure.
func (s *scene) pictures(t *testing.T) {
	data := s.Status(t, "staging").Data
	if data == nil || data.Prometheus == "" {
		t.Skip("Prometheus is not installed: run make sandbox-deps as root")
	}
	client, err := api.NewClient(api.Config{Address: data.Prometheus})
	require.NoError(t, err)
	ask := func(ctx context.Context, query string) model.Vector {
		found, _, err := prometheus.NewAPI(client).Query(ctx, query, time.Now())
		require.NoError(t, err, query)
		vector, is := found.(model.Vector)
		require.True(t, is, query)
		return vector
	}
	boards := dashboards.All()
	board := boards[slices.IndexFunc(boards, func(d dashboards.Dashboard) bool { return d.UID == "plugins" })]
	for _, row := range board.Rows {
		for _, panel := range row.Panels {
			if empty[panel.Title] != "" {
				continue
			}
			suite.Eventually(t, panel.Title, func(ctx context.Context) bool {
				s.serves(t, "good") // so that there is traffic
				return slices.ContainsFunc(panel.Queries, func(q dashboards.Query) bool { return len(ask(ctx, q.Expr)) > 0 })
			})
		}
	}
	for query, want := range map[string]string{
		`step:gatehouse_plugin_jobs_refused:count7d{step="stage"} > 0`:                     "the forged one",
		`step:gatehouse_plugin_jobs_failed:count7d{step="activate"} >= 2`:                  "those that throw",
		`ALERTS{alertname="PluginInstallFailed",alertstate="firing",step="activate"}`:      "somebody is told",
		`absent(ALERTS{alertname="PluginInstallFailed",alertstate="firing",step="stage"})`: "a refusal calls nobody",
		`count(gatehouse_plugin_loaded{plugin="good"} == 1) > 1`:                           "every pod says so",
	} {
		suite.Eventually(t, want+": "+query, func(ctx context.Context) bool { return len(ask(ctx, query)) > 0 })
	}
	for _, alert := range ask(t.Context(), `ALERTS{alertname=~"Plugin.+",alertstate="firing"}`) {
		require.True(t, strings.HasPrefix(string(alert.Metric["alertname"]), "PluginInstall"), alert.Metric.String())
	}
}
