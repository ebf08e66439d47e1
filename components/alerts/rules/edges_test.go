package rules_test

import "fmt"

func certificateStories() []story {
	portal := labels("exported_namespace", "ingress", "name", "portal")
	address := labels("instance", "https://portal.example.com")
	const name = `{exported_namespace="ingress",name="portal"`
	expires := func(days int) []string {
		return []string{fmt.Sprintf(`certmanager_certificate_expiration_timestamp_seconds%s} %dx20`, name, days*86400)}
	}
	shown := func(days int) []string {
		return []string{fmt.Sprintf(`probe_ssl_earliest_cert_expiry{instance="https://portal.example.com"} %dx20`, days*86400)}
	}
	ready := func(yes, no string) []string {
		return []string{`certmanager_certificate_ready_status` + name + `,condition="True"} ` + yes, `certmanager_certificate_ready_status` + name + `,condition="False"} ` + no}
	}
	return []story{
		{
			alert: "CertificateNotReady warning",
			fires: []scene{{series: ready("0x20", "1x20"), at: "17m", labels: portal}},
			quiet: []scene{{series: ready("1x20", "0x20"), at: "17m"}},
		},
		{
			alert: "CertificateExpiring warning",
			fires: []scene{{series: expires(20), at: "17m", labels: portal}},
			quiet: []scene{{series: expires(31), at: "17m"}, {series: expires(0), at: "17m"}}, // 0: not issued yet
		},
		{
			alert: "CertificateExpiring critical",
			fires: []scene{{series: expires(5), at: "17m", labels: portal}},
			quiet: []scene{{series: expires(20), at: "17m"}},
		},
		{
			alert: "EndpointCertificateExpiring warning",
			fires: []scene{{series: shown(20), at: "17m", labels: address}},
			quiet: []scene{{series: shown(31), at: "17m"}},
		},
		{
			alert: "EndpointCertificateExpiring critical",
			fires: []scene{{series: shown(5), at: "17m", labels: address}},
			quiet: []scene{{series: shown(20), at: "17m"}},
		},
	}
}

func secretStories() []story {
	condition := func(status, values string) string {
		return `externalsecret_status_condition{exported_namespace="backstage",name="backstage",condition="Ready",status="` + status + `"} ` + values
	}
	return []story{{
		alert: "ExternalSecretNotSynced warning",
		fires: []scene{{series: []string{condition("False", "1x20"), condition("True", "0x20")}, at: "17m", labels: labels("exported_namespace", "backstage", "name", "backstage")}},
		quiet: []scene{{series: []string{condition("False", "1x3 0x20"), condition("True", "0x3 1x20")}, at: "17m"}},
	}}
}

func uptimeStories() []story {
	const address = "https://portal.example.com"
	up := func(job string, number int, values string) string {
		return fmt.Sprintf(`up{namespace="logging",job="%s",instance="%d"} %s`, job, number, values)
	}
	many := []string{up("fluent-bit", 0, "0x15")}
	for i := range 10 {
		many = append(many, up("fluent-bit", i+1, "1x15"))
	}
	return []story{
		{
			alert: "EndpointDown critical",
			fires: []scene{{series: []string{`probe_success{instance="` + address + `"} 0x5`}, at: "3m", labels: labels("instance", address, "service", address)}},
			quiet: []scene{{series: []string{`probe_success{instance="` + address + `"} 1 0 1x5`}, at: "3m"}},
		},
		{
			alert: "ProbesMissing warning",
			fires: []scene{{at: "11m"}},
			quiet: []scene{{series: []string{`probe_success{instance="` + address + `"} 0x15`}, at: "11m"}},
		},
		{
			alert: "TargetDown warning",
			fires: []scene{{series: []string{up("fluent-bit", 1, "0x15"), up("fluent-bit", 2, "1x15")}, at: "12m", labels: labels("namespace", "logging", "job", "fluent-bit", "service", "fluent-bit")}},
			quiet: []scene{{series: many, at: "12m"}},
		},
	}
}

func monitoringStories() []story {
	pod := labels("pod", "a")
	one := func(metric, values string) string { return metric + `{pod="a"} ` + values }
	sent := func(failed, all string) []string {
		return []string{
			`alertmanager_notifications_failed_total{integration="slack"} 0+` + failed + "x20",
			`alertmanager_notifications_total{integration="slack"} 0+` + all + "x20",
		}
	}
	return []story{
		{alert: "Watchdog info", fires: []scene{{at: "0m"}}},
		{
			alert: "PrometheusConfigReloadFailed warning",
			fires: []scene{{series: []string{one("prometheus_config_last_reload_successful", "0x20")}, at: "12m", labels: pod}},
			quiet: []scene{{series: []string{one("prometheus_config_last_reload_successful", "0 0 1x20")}, at: "12m"}},
		},
		{
			alert: "PrometheusRuleFailures critical",
			fires: []scene{{series: []string{one("prometheus_rule_evaluation_failures_total", "0+1x20")}, at: "12m", labels: pod}},
			quiet: []scene{{series: []string{one("prometheus_rule_evaluation_failures_total", "7x20")}, at: "12m"}},
		},
		{
			alert: "PrometheusNotificationsFailing critical",
			fires: []scene{
				{series: []string{one("prometheus_notifications_errors_total", "0+5x20"), one("prometheus_notifications_sent_total", "0+10x20")}, at: "16m", labels: pod},
				{series: []string{one("prometheus_notifications_alertmanagers_discovered", "0x20")}, at: "16m", labels: pod},
			},
			quiet: []scene{{series: []string{one("prometheus_notifications_errors_total", "0x20"), one("prometheus_notifications_sent_total", "0+10x20"), one("prometheus_notifications_alertmanagers_discovered", "3x20")}, at: "16m"}},
		},
		{
			alert: "AlertmanagerConfigReloadFailed critical",
			fires: []scene{{series: []string{one("alertmanager_config_last_reload_successful", "0x20")}, at: "12m", labels: pod}},
			quiet: []scene{{series: []string{one("alertmanager_config_last_reload_successful", "1x20")}, at: "12m"}},
		},
		{
			alert: "AlertmanagerNotificationsFailing critical",
			fires: []scene{{series: sent("5", "10"), at: "12m", labels: labels("integration", "slack")}},
			quiet: []scene{{series: sent("0", "10"), at: "12m"}},
		},
	}
}

func loggingStories() []story {
	output := labels("name", "cloudwatch_logs.0")
	one := func(metric, values string) []string {
		return []string{"fluentbit_output_" + metric + `_total{pod="a",name="cloudwatch_logs.0"} ` + values}
	}
	return []story{
		{
			alert: "LogDeliveryFailing warning",
			fires: []scene{
				{series: one("errors", "0+1x30"), at: "25m", labels: output},
				{series: one("retries", "0+1x30"), at: "25m", labels: output},
			},
			quiet: []scene{{series: one("errors", "0 5 5x30"), at: "25m"}},
		},
		{
			alert: "LogsLost warning",
			fires: []scene{
				{series: one("retries_failed", "0x5 1x5"), at: "7m", labels: output},
				{series: one("dropped_records", "0x5 9x5"), at: "7m", labels: output},
			},
			quiet: []scene{{series: one("retries_failed", "4x30"), at: "25m"}},
		},
	}
}
