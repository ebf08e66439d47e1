package prometheus

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	promapi "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"gatehouse/checks/evidence"
)

// mostSeries is how many series a query of ours may give; more are no answer
// about an environment.
const mostSeries = 10_000

// queries are the readers that ask with PromQL. The names of metrics are those
// of postgres_exporter, redis_exporter, blackbox_exporter, Alertmanager, Fluent
// Bit, and of the portal (readiness guide, "Grafana Dashboards").
func (c *Collector) queries() []evidence.Reader {
	return []evidence.Reader{
		c.query(evidence.PrometheusPostgresUp, `min by (job, instance) (pg_up)`),
		c.query(evidence.PrometheusRedisUp, `min by (job, instance) (redis_up)`),
		c.query(evidence.PrometheusProbes, `min by (job, instance) (probe_success)`),
		c.query(evidence.PrometheusRequests, `sum by (service) (rate(http_requests_total[5m]))`),
		c.query(evidence.PrometheusErrors, `sum by (service) (rate(http_requests_total{status=~"5.."}[5m]))`),
		// A service without requests has 0/0: it has no latency, and no series.
		c.query(evidence.PrometheusLatency, `histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket[5m])))
  and on (service) sum by (service) (rate(http_request_duration_seconds_count[5m])) > 0`),
		c.query(evidence.PrometheusSent, `sum by (integration) (increase(alertmanager_notifications_total[1h]))`),
		c.query(evidence.PrometheusUnsent, `sum by (integration) (increase(alertmanager_notifications_failed_total[1h]))`),
		c.query(evidence.PrometheusLogs, `sum by (name) (increase(fluentbit_output_proc_records_total[15m]))`),
		c.query(evidence.PrometheusLogsLost, `sum by (name) (increase(fluentbit_output_dropped_records_total[15m]))
  + sum by (name) (increase(fluentbit_output_retries_failed_total[15m]))`),
	}
}

func (c *Collector) query(q evidence.Query[[]evidence.PrometheusSample], promQL string) evidence.Reader {
	return evidence.Read(q, promQL, func(ctx context.Context) ([]evidence.PrometheusSample, error) {
		return c.ask(ctx, promQL)
	})
}

func (c *Collector) ask(ctx context.Context, promQL string) ([]evidence.PrometheusSample, error) {
	what, _, _ := strings.Cut(promQL, "\n")
	// No time of ours: the server's clock is the one that its samples have.
	value, warnings, err := c.api.Query(ctx, promQL, time.Time{}, promapi.WithLimit(mostSeries))
	if err != nil {
		return nil, explain(ctx, what, err)
	}
	vector, is := value.(model.Vector)
	if !is {
		return nil, evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf("%s: a %s came, a vector was wanted", what, value.Type())}
	}
	samples, failed := samplesOf(vector, what)
	for _, text := range warnings {
		if !strings.HasPrefix(text, "PromQL info") { // advice about how a query is written
			failed = errors.Join(failed, evidence.Problem{Kind: evidence.Failed, Message: what + ": " + text})
		}
	}
	return samples, failed
}

// samplesOf keeps finite values. Others say nothing, and cannot be written as
// JSON.
func samplesOf(vector model.Vector, what string) ([]evidence.PrometheusSample, error) {
	samples := []evidence.PrometheusSample{}
	var failed error
	for _, each := range vector {
		sample := evidence.PrometheusSample{Labels: plain(each.Metric), Value: float64(each.Value)}
		if each.Histogram != nil || math.IsNaN(sample.Value) || math.IsInf(sample.Value, 0) {
			failed = errors.Join(failed, evidence.Problem{
				Kind: evidence.Invalid, Message: fmt.Sprintf("%s: the value of %s is %s, which is no number", what, sample.Name(), each.Value),
			})
			continue
		}
		samples = append(samples, sample)
	}
	return samples, failed
}
