package dashboards

// objectives are the service level objectives over 30 days and how fast their
// error budgets are spent.
func objectives() Dashboard {
	return Dashboard{
		UID: "objectives", Title: "Service level objectives", Description: "What is left of the error budgets, and how fast they are spent.",
		Rows: []Row{
			budget("Availability", "errors", "failed"),
			budget("Latency", "slow", "too slow"),
			{"Seen from outside", []Panel{
				stat("Uptime in 30 days", "Share of the probes from outside that were answered.", ratio,
					Query{`instance:probe_success:avg30d`, "{{instance}}"}),
				graph("Probe duration", "How long an address takes to answer from outside.", seconds,
					Query{`max by (instance) (probe_duration_seconds)`, "{{instance}}"}),
				graph("Alerts", "Alerts that fire, by severity.", count,
					Query{`sum by (severity) (ALERTS{alertstate="firing",alertname!="Watchdog"})`, "{{severity}}"}),
			}},
		},
	}
}

// budget is the row of one objective; bad is what the recording rules call the
// requests that spend it.
func budget(title, bad, spoken string) Row {
	share := func(window string) Query {
		return Query{"service:http_requests_" + bad + ":ratio_rate" + window, "{{service}} " + window}
	}
	return Row{title, []Panel{
		stat(title+": budget left", "1 is untouched, 0 is spent, below it the objective is missed.", ratio,
			Query{"service:http_requests_" + bad + "_budget:remaining30d", "{{service}}"}),
		graph(title+": fast burn", "Share of requests that were "+spoken+". Both windows high means somebody is paged.", ratio,
			share("5m"), share("1h")),
		graph(title+": slow burn", "Share of requests that were "+spoken+". Both windows high means a ticket.", ratio,
			share("6h"), share("3d")),
	}}
}
