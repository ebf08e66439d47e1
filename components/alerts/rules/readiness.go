package rules

import "fmt"

// readiness watches the readiness checklist, as the runs in the cluster say it
// (report/metrics).
//
// The Pushgateway keeps the last run's word until the next: what it says stays
// true, and ReadinessNotRun tells when it grows old.
func readiness(s Settings) Topic {
	return Topic{Name: "readiness", Alerts: []Alert{
		{
			Name: "ReadinessFailing", Severity: Warning, Service: "readiness",
			Expr:        `max by (environment, item, section, verdict) (gatehouse_readiness_item{verdict=~"FAIL|ERROR",severity=~"critical|high",overlay!="waived"}) == 1`,
			Summary:     "Readiness: {{ $labels.item }} fails",
			Description: "{{ $labels.item }} ({{ $labels.section }}) of the checklist is {{ $labels.verdict }} and not waived.",
		},
		{
			Name: "ReadinessUnknown", Severity: Warning, Service: "readiness", For: "1h",
			Expr:        `max by (environment) (gatehouse_readiness_queries{state="not-read"}) > 0.25 * sum by (environment) (gatehouse_readiness_queries)`,
			Summary:     "Readiness: much could not be read",
			Description: "The last run could not read {{ $value }} of what it needed, more than a quarter: what it says is no proof.",
		},
		{
			Name: "ReadinessNotRun", Severity: Warning, Service: "readiness", For: "15m",
			Expr:        fmt.Sprintf(`time() - max(gatehouse_readiness_run_timestamp_seconds) > %d`, int(s.ReadinessMaxAge.Seconds())),
			Summary:     "The readiness checks have not run lately",
			Description: "The last run is {{ $value | humanizeDuration }} old (" + s.ReadinessMaxAge.String() + " are allowed).",
		},
		{
			// A new environment has as long for its first run.
			Name: "ReadinessMissing", Severity: Warning, Service: "readiness", For: span(s.ReadinessMaxAge),
			Expr:        `absent(gatehouse_readiness_run_timestamp_seconds)`,
			Summary:     "The readiness checks have never run",
			Description: "Prometheus knows of no run of the readiness checks.",
		},
		{
			Name: "StatementExpiring", Severity: Warning, Service: "readiness",
			Expr:        `min by (environment, kind, of) (gatehouse_readiness_statement_expiry_timestamp_seconds) - time() < 14 * 86400`,
			Summary:     "The statement about {{ $labels.of }} ends soon",
			Description: "{{ $labels.of }} is {{ $labels.kind }} for {{ $value | humanizeDuration }} more; then it counts as if nobody had said anything.",
		},
	}}
}
