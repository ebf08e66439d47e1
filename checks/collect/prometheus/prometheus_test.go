package prometheus_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/prometheus"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/metrics/metricstest"
)

func gather(t *testing.T, url string, limit time.Duration) evidence.Facts {
	c, err := prometheus.New(t.Context(), target.HTTP{URL: url})
	require.NoError(t, err)
	defer c.Close()
	who, err := c.Identity(t.Context())
	require.NoError(t, err)
	require.Contains(t, url, who)
	plan := collect.Plan{Readers: c.Readers(), Now: time.Now}
	for _, r := range c.Readers() {
		plan.Needs = append(plan.Needs, r.Name)
	}
	facts, _ := collect.Gather(t.Context(), plan, collect.Limits{Each: limit})
	return facts
}

func TestRealServer(t *testing.T) {
	p := metricstest.Prometheus(t, metricstest.Options{Rules: map[string]string{
		"a": `groups: [{name: g, interval: 1s, rules: [{alert: Watchdog, expr: vector(1), labels: {severity: info}}, {record: a:b, expr: vector(2)}]}]`,
	}})
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var facts evidence.Facts
	require.Eventually(t, func() bool {
		facts = gather(t, p.URL, 5*time.Second)
		targets := evidence.Get(facts, evidence.PrometheusTargets).Value
		return len(evidence.Get(facts, evidence.PrometheusAlerts).Value) == 1 && len(targets) == 1 && targets[0].Health == "up"
	}, 20*time.Second, 50*time.Millisecond)
	for name, answer := range facts {
		require.Empty(t, answer.Problems, name)
	}
	server := evidence.Get(facts, evidence.PrometheusServers).Value
	require.True(t, server.Reloaded)
	require.Contains(t, server.Retention, "15d")
	require.NotEmpty(t, server.Version)
	rules := evidence.Get(facts, evidence.PrometheusRules).Value
	require.Len(t, rules, 2)
	require.True(t, rules[0].Alerting)
	require.Equal(t, map[string]string{"severity": "info"}, rules[0].Labels)
	require.False(t, rules[1].Alerting)
	require.Equal(t, "prometheus", evidence.Get(facts, evidence.PrometheusTargets).Value[0].Job)
	require.Equal(t, "firing", evidence.Get(facts, evidence.PrometheusAlerts).Value[0].State)
	require.Empty(t, evidence.Get(facts, evidence.PrometheusPostgresUp).Value, "no series is an answer")
}

func TestAServerThatHangsOrIsGone(t *testing.T) {
	p := metricstest.Prometheus(t, metricstest.Options{})
	p.Pause()
	require.Eventually(t, func() bool {
		for _, answer := range gather(t, p.URL, 200*time.Millisecond) {
			if len(answer.Problems) == 0 || answer.Problems[0].Kind != evidence.TimedOut {
				return false
			}
		}
		return true
	}, 20*time.Second, time.Millisecond)
	p.Resume()
	p.Stop()
	for name, answer := range gather(t, p.URL, time.Second) {
		require.Equal(t, evidence.Unreachable, answer.Problems[0].Kind, name)
	}
}

func TestEveryReaderTellsWhyNot(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   evidence.Kind
	}{
		"denied":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, evidence.Denied},
		"throttled": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, evidence.Throttled},
		"garbage":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, evidence.Invalid},
		"an API that is another's": {
			func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"status":"success","data":{}}`)
			}, evidence.Invalid,
		},
		"an error of its own": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"status":"error","errorType":"timeout","error":"query timed out"}`)
		}, evidence.TimedOut},
		"dropped": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, evidence.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			server := httptest.NewServer(test.answer)
			defer server.Close()
			for query, answer := range gather(t, server.URL, 5*time.Second) {
				require.NotEmpty(t, answer.Problems, query)
				require.Equal(t, test.want, answer.Problems[0].Kind, "%s: %s", query, answer.Problems[0].Message)
			}
		})
	}
}

// vector answers every query with one sample.
func vector(kind, result string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"`+kind+`","result":`+result+`}}`)
	}
}

func TestValuesThatAreNone(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"NaN":         vector("vector", `[{"metric":{"instance":"a"},"value":[1,"NaN"]}]`),
		"infinite":    vector("vector", `[{"metric":{"instance":"a"},"value":[1,"+Inf"]}]`),
		"no number":   vector("vector", `[{"metric":{"instance":"a"},"value":[1,"many"]}]`),
		"no vector":   vector("scalar", `[1,"1"]`),
		"no result":   vector("wrong", `[]`),
		"not a value": vector("vector", `[{"metric":{"instance":"a"}}, 7]`),
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			fact := evidence.Get(gather(t, server.URL, 5*time.Second), evidence.PrometheusPostgresUp)
			require.NotEmpty(t, fact.Problems)
			require.Equal(t, evidence.Invalid, fact.Problems[0].Kind, fact.Problems[0].Message)
			require.Empty(t, fact.Value)
		})
	}
	t.Run("the others stay", func(t *testing.T) {
		server := httptest.NewServer(vector("vector", `[{"metric":{"instance":"a"},"value":[1,"NaN"]},{"metric":{"instance":"b"},"value":[1,"1"]}]`))
		defer server.Close()
		fact := evidence.Get(gather(t, server.URL, 5*time.Second), evidence.PrometheusPostgresUp)
		require.Len(t, fact.Problems, 1)
		require.Equal(t, []evidence.PrometheusSample{{Labels: map[string]string{"instance": "b"}, Value: 1}}, fact.Value)
		_, err := json.Marshal(fact.Value)
		require.NoError(t, err)
	})
}

func TestAsksOnlyForWhatItNeeds(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, `{"status":"success","data":{"activeTargets":[]}}`)
	}))
	defer server.Close()
	c, err := prometheus.New(t.Context(), target.HTTP{URL: server.URL + "/below"})
	require.NoError(t, err)
	defer c.Close()
	for _, r := range c.Readers() {
		if strings.HasSuffix(string(r.Name), ".targets") {
			_, err := r.Read(t.Context())
			require.NoError(t, err)
		}
	}
	require.Equal(t, []string{"/below/api/v1/targets?state=active"}, asked)
}

func TestCancelledInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	c, err := prometheus.New(ctx, target.HTTP{URL: server.URL})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Readers()[1].Read(ctx)
	require.Equal(t, evidence.Cancelled, evidence.Problems(err)[0].Kind)
}
