package rules

import (
	"fmt"
	"strconv"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
)

// burn is one row of the table of multi-window, multi-burn-rate alerts (Google's
// SRE Workbook, chapter 5): the budget of 30 days is spent rate times too fast
// over the long window, and still is over the short one.
type burn struct {
	long, short monitoringv1.Duration
	rate        float64
	severity    Severity
	spent       string
}

// fastestBurn spends 2 % of the budget in an hour.
const fastestBurn = 14.4

func burns() []burn {
	return []burn{
		{"1h", "5m", fastestBurn, Critical, "2 % in an hour"},
		{"6h", "30m", 6, Critical, "5 % in 6 hours"},
		{"1d", "2h", 3, Warning, "10 % in a day"},
		{"3d", "6h", 1, Warning, "10 % in 3 days"},
	}
}

// objective is a share of requests that may be bad, recorded as bad requests a
// second in service:http_requests_BAD:rate5m.
type objective struct {
	name, bad, title string
	budget           float64
}

// objectives watches how fast the error budgets are spent.
func objectives(s Settings) Topic {
	topic := Topic{
		Name: "objectives",
		Records: []Record{{
			// Prometheus 3 writes the bound 1 as 1.0, earlier ones as they got it.
			"service:http_requests_slow:rate5m", fmt.Sprintf(`sum by (service) (rate(http_request_duration_seconds_bucket{namespace=~"developer-portal|backstage",le="+Inf"}[5m]))
  - sum by (service) (rate(http_request_duration_seconds_bucket{namespace=~"developer-portal|backstage",le=~"%s"}[5m]))`, bound(s.LatencySeconds)),
		}},
	}
	for _, o := range []objective{
		{"Availability", "errors", "failed requests", budget(s.AvailabilityPercent)},
		{"Latency", "slow", fmt.Sprintf("requests slower than %g s", s.LatencySeconds), budget(s.LatencyPercent)},
	} {
		topic.Records = append(topic.Records, o.records()...)
		topic.Alerts = append(topic.Alerts, o.alerts()...)
	}
	return topic
}

// records are the ratios over every window of the table, and what is left of
// the budget. Long windows average the recorded rates: a rate over 3 days of
// every raw series would cost too much.
func (o objective) records() []Record {
	var records []Record
	for _, window := range []monitoringv1.Duration{"5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"} {
		if window == "5m" && o.bad == "errors" {
			continue // the portal's topic has it
		}
		records = append(records, Record{
			fmt.Sprintf("service:http_requests_%s:ratio_rate%s", o.bad, window),
			fmt.Sprintf("%s / %s", over("service:http_requests_"+o.bad+":rate5m", window), over("service:http_requests:rate5m", window)),
		})
	}
	return append(records, Record{
		fmt.Sprintf("service:http_requests_%s_budget:remaining30d", o.bad),
		fmt.Sprintf("1 - service:http_requests_%s:ratio_rate30d / %s", o.bad, number(o.budget)),
	})
}

func (o objective) alerts() []Alert {
	var alerts []Alert
	for _, b := range burns() {
		alerts = append(alerts, Alert{
			Name: o.name + "BudgetBurn", Severity: b.severity, Labels: map[string]string{"window": string(b.long)},
			Expr: fmt.Sprintf(`service:http_requests_%[1]s:ratio_rate%[2]s > %[4]s
  and service:http_requests_%[1]s:ratio_rate%[3]s > %[4]s
  and %[5]s > %[6]s`,
				o.bad, b.long, b.short, number(b.rate*o.budget), over("service:http_requests:rate5m", b.short), trafficFloor),
			Summary: fmt.Sprintf("{{ $labels.service }} spends its %s budget %g times too fast", o.name, b.rate),
			Description: fmt.Sprintf("{{ $value | humanizePercentage }} are %s over %s; %s of the 30 days' budget are spent at this pace.",
				o.title, b.long, b.spent),
		})
	}
	return alerts
}

// over averages a recorded 5-minute rate over a window.
func over(rate string, window monitoringv1.Duration) string {
	if window == "5m" {
		return rate
	}
	return fmt.Sprintf("avg_over_time(%s[%s])", rate, window)
}

// budget is the share that may be bad.
func budget(percent float64) float64 { return (100 - percent) / 100 }

// number prints a threshold without the dust of binary fractions.
func number(f float64) string { return strconv.FormatFloat(f, 'g', 10, 64) }

// bound matches a histogram's bound in either spelling.
func bound(seconds float64) string {
	text := strconv.FormatFloat(seconds, 'f', -1, 64)
	if seconds == float64(int64(seconds)) {
		return text + `(\\.0)?`
	}
	return text
}
