package rules

import "fmt"

// trafficFloor is the requests a second below which a ratio of failures says
// nothing: 30 in 5 minutes. Without it one failure at night is 100 %.
const trafficFloor = "0.1"

// portal watches what users meet, and records the requests of each service.
func portal() Topic {
	// Other software exports metrics of these names too.
	const ours = `namespace=~"developer-portal|backstage"`
	return Topic{
		Name: "portal",
		Records: []Record{
			{"service:http_requests:rate5m", `sum by (service) (rate(http_requests_total{` + ours + `}[5m]))`},
			// A service that never failed has no series with a 5xx: none are 0.
			{"service:http_requests_errors:rate5m", `sum by (service) (rate(http_requests_total{` + ours + `,status=~"5.."}[5m])) or 0 * service:http_requests:rate5m`},
			{"service:http_requests_errors:ratio_rate5m", `service:http_requests_errors:rate5m / service:http_requests:rate5m`},
			{"service:http_request_duration_seconds:p95_rate5m", `histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket{` + ours + `}[5m])))`},
			{"job:websocket_connections:sum", `sum by (job) (websocket_connections)`},
		},
		Alerts: []Alert{
			// The guide's `up == 0` sees neither a target that is gone (no series,
			// no comparison) nor the difference between one pod of four and all.
			down("PortalDown", "portal-frontend", "Portal frontend"),
			down("WebsocketDown", "websocket", "WebSocket server"),
			down("BackstageDown", "backstage-backend", "Backstage"),
			{
				Name: "PortalInstanceDown", Severity: Warning, Service: "{{ $labels.job }}", For: "5m",
				Expr:        `min by (job, namespace, pod) (up{job=~"portal-frontend|websocket|backstage-backend"}) == 0`,
				Summary:     "One pod of {{ $labels.job }} is down",
				Description: "Pod {{ $labels.pod }} has not answered Prometheus for 5 minutes; the others serve on.",
			},
			{
				// The guide compares requests a second with 0.01: at 100 requests a
				// second that is 0.01 %, and it says "error rate". This is the ratio.
				Name: "HighErrorRate", Severity: Warning, For: "2m",
				Expr:        `service:http_requests_errors:ratio_rate5m > 0.01 and service:http_requests:rate5m > ` + trafficFloor,
				Summary:     "{{ $labels.service }} fails too often",
				Description: "{{ $value | humanizePercentage }} of the requests of {{ $labels.service }} failed within 5 minutes (1 % is allowed).",
			},
			{
				Name: "WebsocketConnectionsDropped", Severity: Warning, Service: "websocket", For: "3m",
				Expr: `job:websocket_connections:sum < 0.5 * avg_over_time(job:websocket_connections:sum[30m] offset 5m)
  and avg_over_time(job:websocket_connections:sum[30m] offset 5m) > 20`,
				Summary:     "WebSocket connections were lost",
				Description: "{{ $value }} connections are left, less than half of the 30 minutes before.",
			},
		},
	}
}

// down is an alert on a service none of whose pods answers, or which Prometheus
// does not find at all.
func down(name, job, title string) Alert {
	return Alert{
		Name: name, Severity: Critical, Service: job, For: "1m",
		Expr:        fmt.Sprintf(`max by (job) (up{job="%[1]s"}) == 0 or absent(up{job="%[1]s"})`, job),
		Summary:     title + " is down",
		Description: "No pod of " + job + " has answered Prometheus for more than 1 minute, or none is found.",
	}
}
