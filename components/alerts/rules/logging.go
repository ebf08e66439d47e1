package rules

// logging watches that logs arrive where they are kept.
func logging() Topic {
	return Topic{
		Name: "logging",
		Alerts: []Alert{
			{
				Name: "LogDeliveryFailing", Severity: Warning, Service: "fluent-bit", For: "15m",
				Expr: `sum by (name) (rate(fluentbit_output_errors_total[5m])) > 0
  or sum by (name) (rate(fluentbit_output_retries_total[5m])) > 0`,
				Summary:     "Logs are delivered with difficulty",
				Description: "Output {{ $labels.name }} of Fluent Bit has failed and tried again for 15 minutes; what waits lies on the nodes' disks.",
			},
			{
				Name: "LogsLost", Severity: Warning, Service: "fluent-bit",
				Expr: `sum by (name) (increase(fluentbit_output_retries_failed_total[15m])) > 0
  or sum by (name) (increase(fluentbit_output_dropped_records_total[15m])) > 0`,
				Summary:     "Logs are lost",
				Description: "Output {{ $labels.name }} of Fluent Bit has given up on records within 15 minutes: they are gone.",
			},
		},
	}
}
