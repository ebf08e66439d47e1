package rules_test

import "fmt"

// requests of the portal: good and failed a minute, for some minutes.
func requests(good, failed float64, minutes int) []string {
	const portal = `http_requests_total{namespace="developer-portal",service="portal-frontend",status=`
	return []string{
		fmt.Sprintf(`%s"200"} 0+%gx%d`, portal, good, minutes),
		fmt.Sprintf(`%s"503"} 0+%gx%d`, portal, failed, minutes),
	}
}

// slow requests of 600 a minute, the bound written in one of its spellings.
func slow(count float64, le string, minutes int) []string {
	const buckets = `http_request_duration_seconds_bucket{namespace="developer-portal",service="portal-frontend",le=`
	return append(requests(600, 0, minutes),
		fmt.Sprintf(`%s"%s"} 0+%gx%d`, buckets, le, 600-count, minutes),
		fmt.Sprintf(`%s"+Inf"} 0+600x%d`, buckets, minutes))
}

func objectiveStories() []story {
	portal := labels("service", "portal-frontend")
	fails := func(percent float64, minutes int) []string { return requests(600-6*percent, 6*percent, minutes) }
	at := func(minutes int) string { return fmt.Sprintf("%dm", minutes) }
	var told []story
	for _, row := range []struct {
		key string
		// minutes are the long window and a little more. Each pair is a share
		// (in percent) over the threshold and one below it.
		minutes                    int
		failed, fine, slow, prompt float64
	}{
		{"critical 1h", 90, 2, 1.2, 80, 60},
		{"critical 6h", 390, 0.8, 0.5, 40, 25},
		{"warning 1d", 1500, 0.4, 0.25, 20, 12},
		{"warning 3d", 4380, 0.15, 0.08, 6, 4},
	} {
		told = append(told,
			story{
				alert: "AvailabilityBudgetBurn " + row.key,
				fires: []scene{{series: fails(row.failed, row.minutes), at: at(row.minutes), labels: portal}},
				quiet: []scene{{series: fails(row.fine, row.minutes), at: at(row.minutes)}},
			},
			story{
				alert: "LatencyBudgetBurn " + row.key,
				fires: []scene{{series: slow(6*row.slow, "1.0", row.minutes), at: at(row.minutes), labels: portal}},
				quiet: []scene{{series: slow(6*row.prompt, "1", row.minutes), at: at(row.minutes)}},
			})
	}
	// What is over does not page: the short window is clean again.
	told[0].quiet = append(told[0].quiet, scene{series: []string{
		`http_requests_total{namespace="developer-portal",service="portal-frontend",status="200"} 0+570x90`,
		`http_requests_total{namespace="developer-portal",service="portal-frontend",status="503"} 0+30x75 2250x20`,
	}, at: "90m"})
	// Nor does one failure among the few requests of a night.
	told[0].quiet = append(told[0].quiet, scene{series: requests(1, 1, 90), at: "90m"})
	return told
}
