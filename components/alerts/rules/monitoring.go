package rules

// monitoring watches the watchers.
func monitoring() Topic {
	return Topic{
		Name: "monitoring",
		Alerts: []Alert{
			{
				// Always fires. Whoever waits for it (the dead man's switch) learns
				// from its silence that nothing here can alert any more.
				Name: "Watchdog", Severity: Info, Service: "monitoring",
				Expr:        `vector(1)`,
				Summary:     "Alerting works",
				Description: "This alert always fires. When it ceases, Prometheus, Alertmanager or the way out is broken.",
			},
			{
				Name: "PrometheusConfigReloadFailed", Severity: Warning, Service: "monitoring", For: "10m",
				Expr:        `min by (pod) (max_over_time(prometheus_config_last_reload_successful[5m])) == 0`,
				Summary:     "Prometheus refuses its configuration",
				Description: "{{ $labels.pod }} has run with an old configuration for 10 minutes: new rules and targets do not arrive.",
			},
			{
				Name: "PrometheusRuleFailures", Severity: Critical, Service: "monitoring", For: "5m",
				Expr:        `sum by (pod) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0`,
				Summary:     "Prometheus cannot evaluate its rules",
				Description: "{{ $labels.pod }} fails to evaluate rules: some alerts are blind.",
			},
			{
				Name: "PrometheusNotificationsFailing", Severity: Critical, Service: "monitoring", For: "10m",
				Expr: `sum by (pod) (rate(prometheus_notifications_errors_total[5m])) / sum by (pod) (rate(prometheus_notifications_sent_total[5m])) > 0.1
  or max by (pod) (max_over_time(prometheus_notifications_alertmanagers_discovered[5m])) < 1`,
				Summary:     "Prometheus does not reach Alertmanager",
				Description: "Alerts of {{ $labels.pod }} have not all reached Alertmanager for 10 minutes.",
			},
			{
				Name: "AlertmanagerConfigReloadFailed", Severity: Critical, Service: "monitoring", For: "10m",
				Expr:        `min by (pod) (max_over_time(alertmanager_config_last_reload_successful[5m])) == 0`,
				Summary:     "Alertmanager refuses its configuration",
				Description: "{{ $labels.pod }} has run with an old configuration for 10 minutes.",
			},
			{
				Name: "AlertmanagerNotificationsFailing", Severity: Critical, Service: "monitoring", For: "5m",
				Expr: `sum by (integration) (rate(alertmanager_notifications_failed_total[5m]))
  / sum by (integration) (rate(alertmanager_notifications_total[5m])) > 0.1`,
				Summary:     "Alerts do not reach {{ $labels.integration }}",
				Description: "{{ $value | humanizePercentage }} of the notifications to {{ $labels.integration }} have failed for 5 minutes.",
			},
		},
	}
}
