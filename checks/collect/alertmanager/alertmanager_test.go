package alertmanager_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/alertmanager"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/metrics/metricstest"
)

func gather(t *testing.T, url string, limit time.Duration) evidence.Facts {
	c, err := alertmanager.New(t.Context(), target.HTTP{URL: url})
	require.NoError(t, err)
	defer c.Close()
	plan := collect.Plan{Readers: c.Readers(), Now: time.Now}
	for _, r := range c.Readers() {
		plan.Needs = append(plan.Needs, r.Name)
	}
	facts, _ := collect.Gather(t.Context(), plan, collect.Limits{Each: limit})
	return facts
}

// all tells whether nothing could be read, for one reason.
func all(facts evidence.Facts, kind evidence.Kind) bool {
	for _, answer := range facts {
		if len(answer.Problems) != 1 || answer.Problems[0].Kind != kind {
			return false
		}
	}
	return true
}

// configuration has a secret in every form, and matchers in all.
const configuration = `global: {slack_api_url: 'http://127.0.0.1:1/T0/s3cret-a'}
route:
  receiver: warnings
  routes:
  - receiver: pager
    matchers: [ severity = "critical", 'team=~"plat.*|sec\"x"', env!="dev", region!~"eu-.*" ]
    continue: true
    routes: [{match: {a: b}, match_re: {c: 'd.*'}}]
receivers:
- name: warnings
  slack_configs: [{channel: '#a'}, {channel: '#b', api_url: 'http://127.0.0.1:1/s3cret-b'}]
- name: pager
  pagerduty_configs: [{routing_key: s3cret-c, url: 'http://127.0.0.1:1'}]
  webhook_configs: [{url: 'http://127.0.0.1:1/s3cret-d'}]
- name: nobody
`

func TestRealServer(t *testing.T) {
	a := metricstest.Alertmanager(t, configuration)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	facts := gather(t, a.URL, 5*time.Second)
	for name, answer := range facts {
		require.Empty(t, answer.Problems, name)
	}
	routing := evidence.Get(facts, evidence.AlertmanagerRoutes).Value
	require.NotEmpty(t, routing.Version)
	require.Equal(t, "disabled", routing.Cluster)
	require.Equal(t, evidence.AlertmanagerRoute{Receiver: "warnings", Routes: []evidence.AlertmanagerRoute{{
		Receiver: "pager", Continue: true,
		Matchers: []evidence.AlertmanagerMatcher{
			{Name: "env", Value: "dev"}, // in Alertmanager's order
			{Name: "region", Value: "eu-.*", Regex: true},
			{Name: "severity", Value: "critical", Equal: true},
			{Name: "team", Value: `plat.*|sec"x`, Regex: true, Equal: true},
		},
		Routes: []evidence.AlertmanagerRoute{{Receiver: "pager", Matchers: []evidence.AlertmanagerMatcher{
			{Name: "a", Value: "b", Equal: true}, {Name: "c", Value: "d.*", Regex: true, Equal: true},
		}}},
	}}}, routing.Root)
	require.Equal(t, []evidence.AlertmanagerReceiver{
		{Name: "warnings", Integrations: []string{"slack", "slack"}},
		{Name: "pager", Integrations: []string{"pagerduty", "webhook"}},
		{Name: "nobody", Integrations: []string{}},
	}, routing.Receivers)
	require.Empty(t, evidence.Get(facts, evidence.AlertmanagerAlerts).Value)
	require.NotNil(t, evidence.Get(facts, evidence.AlertmanagerSilences).Value)
	text, err := json.Marshal(facts)
	require.NoError(t, err)
	require.NotContains(t, string(text), "s3cret", "a secret of a receiver is none of our business")
}

func TestAServerThatHangsOrIsGone(t *testing.T) {
	a := metricstest.Alertmanager(t, "")
	a.Pause()
	require.Eventually(t, func() bool { return all(gather(t, a.URL, 200*time.Millisecond), evidence.TimedOut) }, 10*time.Second, time.Millisecond)
	a.Resume()
	a.Stop()
	for name, answer := range gather(t, a.URL, time.Second) {
		require.Equal(t, evidence.Unreachable, answer.Problems[0].Kind, name)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	status := func(config string) string {
		text, err := json.Marshal(config)
		require.NoError(t, err)
		return fmt.Sprintf(`{"cluster":{"status":"ready"},"versionInfo":{"version":"0.25.0"},"config":{"original":%s}}`, text)
	}
	for name, test := range map[string]struct {
		body  string
		query evidence.Name
	}{
		"garbage":              {"<html>", evidence.AlertmanagerRoutes.Name()},
		"another API":          {`{"status":"success"}`, evidence.AlertmanagerRoutes.Name()},
		"no YAML":              {status("\t:"), evidence.AlertmanagerRoutes.Name()},
		"no route":             {status("receivers: []"), evidence.AlertmanagerRoutes.Name()},
		"no receiver":          {status("route: {}"), evidence.AlertmanagerRoutes.Name()},
		"an empty route":       {status("route: {receiver: a, routes: [null]}"), evidence.AlertmanagerRoutes.Name()},
		"no operator":          {status("route: {receiver: a, routes: [{matchers: [severity]}]}"), evidence.AlertmanagerRoutes.Name()},
		"alerts: an object":    {`{}`, evidence.AlertmanagerAlerts.Name()},
		"alerts: null":         {`null`, evidence.AlertmanagerAlerts.Name()},
		"alerts: no status":    {`[{"labels":{"alertname":"a"}}]`, evidence.AlertmanagerAlerts.Name()},
		"silences: null":       {`null`, evidence.AlertmanagerSilences.Name()},
		"silences: no status":  {`[{"id":"a"}]`, evidence.AlertmanagerSilences.Name()},
		"silences: wrong time": {`[{"id":"a","endsAt":5,"status":{"state":"active"}}]`, evidence.AlertmanagerSilences.Name()},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, test.body) }))
			defer server.Close()
			problems := gather(t, server.URL, 5*time.Second)[test.query].Problems
			require.NotEmpty(t, problems)
			require.Contains(t, []evidence.Kind{evidence.Invalid, evidence.Failed}, problems[0].Kind)
		})
	}
}
