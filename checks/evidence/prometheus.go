package evidence

import "time"

// PrometheusServer is what Prometheus says of itself.
type PrometheusServer struct {
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	// Reloaded is whether the last reading of its configuration succeeded: if
	// not, it runs with an older one.
	Reloaded bool `json:"reloaded"`
	// Corruptions counts damage found in its write-ahead log.
	Corruptions int `json:"corruptions"`
	// Retention is how it is spelled: "15d", "30d or 40GiB".
	Retention string `json:"retention"`
}

// PrometheusTarget is one thing that Prometheus scrapes.
type PrometheusTarget struct {
	Job       string `json:"job"`
	Instance  string `json:"instance"`
	Namespace string `json:"namespace,omitempty"`
	// Health is up, down, or unknown before the first scrape.
	Health     string    `json:"health"`
	LastError  string    `json:"lastError,omitempty"`
	LastScrape time.Time `json:"lastScrape"`
}

// PrometheusRule is one recording or alerting rule that is loaded.
type PrometheusRule struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	// Alerting is whether it raises alerts; else it records.
	Alerting bool   `json:"alerting"`
	Query    string `json:"query"`
	// Health is ok, err, or unknown before the first evaluation.
	Health         string    `json:"health"`
	LastError      string    `json:"lastError,omitempty"`
	LastEvaluation time.Time `json:"lastEvaluation"`
	// Interval is how often it is evaluated, in seconds.
	Interval float64 `json:"interval"`
	// State is inactive, pending or firing; "" of a recording rule.
	State string `json:"state,omitempty"`
	// Labels are those that the rule itself sets; a value may be a template.
	Labels map[string]string `json:"labels,omitempty"`
}

// PrometheusAlert is one alert that is pending or fires.
type PrometheusAlert struct {
	Name string `json:"name"`
	// State is pending or firing.
	State  string            `json:"state"`
	Since  time.Time         `json:"since"`
	Labels map[string]string `json:"labels"`
}

// PrometheusNotified are the Alertmanagers to which Prometheus sends alerts.
type PrometheusNotified struct {
	// Hosts are their host:port.
	Hosts []string `json:"hosts"`
}

// PrometheusSample is one value that a query gave, a finite one.
type PrometheusSample struct {
	Labels map[string]string `json:"labels"`
	Value  float64           `json:"value"`
}

// Name is its labels' most telling one, for people.
func (s PrometheusSample) Name() string {
	for _, label := range []string{"instance", "service", "integration", "name", "job"} {
		if s.Labels[label] != "" {
			return s.Labels[label]
		}
	}
	return "the whole"
}

const readPrometheus = "GET on the Prometheus API"

// What is read of Prometheus.
var (
	PrometheusServers   = Define[PrometheusServer](Prometheus, "server", readPrometheus)
	PrometheusTargets   = Define[[]PrometheusTarget](Prometheus, "targets", readPrometheus)
	PrometheusRules     = Define[[]PrometheusRule](Prometheus, "rules", readPrometheus)
	PrometheusAlerts    = Define[[]PrometheusAlert](Prometheus, "alerts", readPrometheus)
	PrometheusNotifying = Define[PrometheusNotified](Prometheus, "alertmanagers", readPrometheus)
)

// Queries of Prometheus: one value a series.
var (
	// PrometheusPostgresUp is 1 for every database that its exporter reaches.
	PrometheusPostgresUp = Define[[]PrometheusSample](Prometheus, "postgres-up", readPrometheus)
	// PrometheusRedisUp is 1 for every Redis node that its exporter reaches.
	PrometheusRedisUp = Define[[]PrometheusSample](Prometheus, "redis-up", readPrometheus)
	// PrometheusProbes is 1 for every address that answers the blackbox exporter.
	PrometheusProbes = Define[[]PrometheusSample](Prometheus, "probes", readPrometheus)
	// PrometheusRequests and PrometheusErrors are requests a second by service
	// over 5 minutes: all, and those answered with a 5xx.
	PrometheusRequests = Define[[]PrometheusSample](Prometheus, "requests", readPrometheus)
	PrometheusErrors   = Define[[]PrometheusSample](Prometheus, "errors", readPrometheus)
	// PrometheusLatency is the 95th percentile of the requests' seconds by service.
	PrometheusLatency = Define[[]PrometheusSample](Prometheus, "latency", readPrometheus)
	// PrometheusSent and PrometheusUnsent are notifications of Alertmanager by
	// integration within an hour: tried, and failed.
	PrometheusSent   = Define[[]PrometheusSample](Prometheus, "notifications", readPrometheus)
	PrometheusUnsent = Define[[]PrometheusSample](Prometheus, "notifications-failed", readPrometheus)
	// PrometheusLogs and PrometheusLogsLost are Fluent Bit's records by output
	// within 15 minutes: delivered, and given up.
	PrometheusLogs     = Define[[]PrometheusSample](Prometheus, "logs", readPrometheus)
	PrometheusLogsLost = Define[[]PrometheusSample](Prometheus, "logs-lost", readPrometheus)
)
