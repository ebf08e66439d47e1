package routing

// text of a message: what is wrong with each, and where to read on.
const text = `{{ range .Alerts }}{{ .Annotations.description }} <{{ .Annotations.runbook_url }}|runbook>
{{ end }}`

func receivers(s Settings) []Receiver {
	all := []Receiver{
		{
			Name:         CriticalReceiver,
			SlackConfigs: []Slack{slack(s, "Critical Alert", "danger")},
			PagerDutyConfigs: []PagerDuty{{
				SendResolved: true, RoutingKeyFile: secretFolder + "pagerduty-routing-key", Severity: "critical",
				Description: "{{ .GroupLabels.alertname }} {{ .GroupLabels.service }}: {{ .CommonAnnotations.summary }}",
				Details: map[string]string{
					"environment": "{{ .GroupLabels.cluster }}", "runbook": "{{ .CommonAnnotations.runbook_url }}",
					"firing": "{{ range .Alerts.Firing }}{{ .Annotations.description }} {{ end }}",
				},
			}},
		},
		{Name: WarningReceiver, SlackConfigs: []Slack{slack(s, "Warning", "warning")}},
		{Name: NobodyReceiver},
	}
	if s.Heartbeat {
		// A resolved Watchdog is bad news: it is not reported as a good one.
		all = append(all, Receiver{
			Name: HeartbeatReceiver, WebhookConfigs: []Webhook{{URLFile: secretFolder + "dead-mans-switch"}},
		})
	}
	return all
}

func slack(s Settings, what, color string) Slack {
	return Slack{
		SendResolved: true, APIURLFile: secretFolder + "slack-webhook", Channel: s.SlackChannel,
		Color: `{{ if eq .Status "firing" }}` + color + `{{ else }}good{{ end }}`,
		Title: `{{ if eq .Status "resolved" }}Resolved{{ else }}` + what + `{{ end }}: {{ .GroupLabels.alertname }} {{ .GroupLabels.service }} ({{ .GroupLabels.cluster }})`,
		Text:  text,
	}
}
