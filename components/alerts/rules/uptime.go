package rules

// uptime watches the portal from outside, through the blackbox exporter, and
// that Prometheus reaches what it should.
func uptime() Topic {
	return Topic{
		Name: "uptime",
		Records: []Record{
			{"instance:probe_success:avg30d", `avg by (instance) (avg_over_time(probe_success[30d]))`},
		},
		Alerts: []Alert{
			{
				Name: "EndpointDown", Severity: Critical, Service: "{{ $labels.instance }}", For: "2m",
				Expr:        `max by (instance) (probe_success) == 0`,
				Summary:     "{{ $labels.instance }} does not answer",
				Description: "{{ $labels.instance }} has not answered as it should for 2 minutes, the way users reach it.",
			},
			{
				Name: "ProbesMissing", Severity: Warning, Service: "monitoring", For: "10m",
				Expr:        `absent(probe_success)`,
				Summary:     "Nobody looks at the portal from outside",
				Description: "The blackbox exporter has given no result for 10 minutes.",
			},
			{
				Name: "TargetDown", Severity: Warning, Service: "{{ $labels.job }}", For: "10m",
				Expr:        `count by (namespace, job) (up == 0) / count by (namespace, job) (up) > 0.1`,
				Summary:     "Prometheus does not reach {{ $labels.job }}",
				Description: "{{ $value | humanizePercentage }} of the targets of {{ $labels.namespace }}/{{ $labels.job }} have not answered for 10 minutes.",
			},
		},
	}
}
