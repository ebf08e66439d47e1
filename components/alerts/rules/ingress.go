package rules

// ingress watches ingress-nginx. Its own label service becomes exported_service
// at the scrape. The maintenance page answers 503 on purpose, and a WebSocket
// lasts as long as its connection: both are left out.
func ingress() Topic {
	return Topic{
		Name: "ingress",
		Records: []Record{
			{"ingress:nginx_requests:rate5m", `sum by (ingress) (rate(nginx_ingress_controller_requests{exported_service!="maintenance"}[5m]))`},
			{"ingress:nginx_requests_errors:ratio_rate5m", `sum by (ingress) (rate(nginx_ingress_controller_requests{exported_service!="maintenance",status=~"5.."}[5m])) / ingress:nginx_requests:rate5m`},
			{"ingress:nginx_request_duration_seconds:p95_rate5m", `histogram_quantile(0.95, sum by (ingress, le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{exported_service!~"maintenance|websocket"}[5m])))`},
		},
		Alerts: []Alert{
			{
				Name: "IngressErrorsHigh", Severity: Critical, Service: "ingress", For: "5m",
				Expr:        `ingress:nginx_requests_errors:ratio_rate5m > 0.05 and ingress:nginx_requests:rate5m > ` + trafficFloor,
				Summary:     "Requests through {{ $labels.ingress }} fail",
				Description: "{{ $value | humanizePercentage }} of the answers of {{ $labels.ingress }} were 5xx for 5 minutes (5 % is allowed).",
			},
			{
				Name: "IngressSlow", Severity: Warning, Service: "ingress", For: "10m",
				Expr:        `ingress:nginx_request_duration_seconds:p95_rate5m > 2 and ingress:nginx_requests:rate5m > ` + trafficFloor,
				Summary:     "Requests through {{ $labels.ingress }} are slow",
				Description: "1 of 20 requests of {{ $labels.ingress }} takes longer than {{ $value | humanizeDuration }} (2 s are allowed).",
			},
			{
				Name: "IngressConfigReloadFailed", Severity: Warning, Service: "ingress", For: "5m",
				Expr:        `min by (pod) (nginx_ingress_controller_config_last_reload_successful) == 0`,
				Summary:     "ingress-nginx refuses its configuration",
				Description: "{{ $labels.pod }} serves an old configuration: changes of routes and certificates do not arrive.",
			},
		},
	}
}
