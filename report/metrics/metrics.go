// Package metrics says a readiness run in the metrics of Prometheus, as text for
// node-exporter's textfile collector and as a push to a Pushgateway, so that
// readiness itself can be alerted on.
//
// Every metric is a gauge that holds what one run found. Labels are IDs, names
// of sections and words of small sets, never what was read: the number of series
// is bounded by the checklist. Nothing is computed here that the run does not
// say. The alerts stand in components/alerts/rules.
package metrics

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"gatehouse/report/readiness"
)

// The names of the metrics. Each has the label environment besides its own.
const (
	// Item is 1 for each item of the checklist, with its present verdict and
	// overlay ("waived", "attested" or "none") as labels. The series of a verdict
	// that an item no longer has are absent, not 0: an alert on {verdict="FAIL"}
	// ends with them, and there is one series an item.
	Item = "gatehouse_readiness_item"
	// Items counts items by verdict and overlay; every combination is there, so
	// that 0 can be told from nothing.
	Items = "gatehouse_readiness_items"
	// Ready is 1 when nothing at all is left open, else 0.
	Ready = "gatehouse_readiness_ready"
	// Failed is 1 when an item that stops a deployment fails without a waiver.
	Failed = "gatehouse_readiness_failed"
	// Interrupted is 1 when the run was cut off.
	Interrupted = "gatehouse_readiness_interrupted"
	// RunTimestamp is when the run began, in Unix time; RunDuration how long it
	// took.
	RunTimestamp = "gatehouse_readiness_run_timestamp_seconds"
	RunDuration  = "gatehouse_readiness_run_duration_seconds"
	// Queries counts what was asked of the live systems by state: read, partly
	// or not-read.
	Queries = "gatehouse_readiness_queries"
	// StatementExpiry is the end of a waiver or an attestation that ends within
	// [readiness.Soon] or has ended, in Unix time, by kind and by the item or
	// rule that it is of; of several the first to end. It is a time and not the
	// days left, for days would stand still until the next run.
	StatementExpiry = "gatehouse_readiness_statement_expiry_timestamp_seconds"
	// PolicyFindings counts the policies' findings by verdict, severity and
	// whether a waiver is laid over them ("true", "false"). It is absent when no
	// policies were judged.
	PolicyFindings = "gatehouse_readiness_policy_findings"
	// Score is the share, 0 to 1, of what applies in a section of a guide that
	// holds. It is absent for a section of which nothing applies.
	Score = "gatehouse_readiness_score_ratio"
)

// help explains the metrics to who asks Prometheus for them.
var help = map[string]string{
	Item:            "Items of the readiness checklist: 1 for the present verdict and overlay of each.",
	Items:           "Number of items of the readiness checklist by verdict and overlay.",
	Ready:           "Whether nothing is left open: 1 or 0.",
	Failed:          "Whether an item that stops a deployment fails without a waiver: 1 or 0.",
	Interrupted:     "Whether the run was cut off: 1 or 0.",
	RunTimestamp:    "When the last readiness run began, in Unix time.",
	RunDuration:     "How long the last readiness run took.",
	Queries:         "Number of queries to the live systems by state: read, partly or not-read.",
	StatementExpiry: "When a waiver or an attestation ends, in Unix time; only those that end within 14 days.",
	PolicyFindings:  "Number of findings of the policies by verdict, severity and whether they are waived.",
	Score:           "Share of what applies that holds, by section of the guides, 0 to 1.",
}

// registry holds the run's metrics. The labels in constant are on each of them.
func registry(run readiness.Run, constant prometheus.Labels) (*prometheus.Registry, error) {
	found := samples(run)
	registry := prometheus.NewRegistry()
	for _, each := range found.order {
		gauge := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: each, Help: help[each], ConstLabels: constant}, found.labels[each])
		for _, s := range found.of[each] {
			series, err := gauge.GetMetricWithLabelValues(s.values...)
			if err != nil {
				return nil, fmt.Errorf("make metric %s of %q: %w; check the results file", each, s.values, err)
			}
			series.Set(s.value)
		}
		if err := registry.Register(gauge); err != nil {
			return nil, fmt.Errorf("make metric %s: %w", each, err)
		}
	}
	return registry, nil
}
