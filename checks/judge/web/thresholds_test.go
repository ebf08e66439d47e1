package web_test

import "gatehouse/checks/judge"

// thresholds are the checklist's of all items that these checkers serve.
func thresholds() judge.Thresholds {
	return judge.Thresholds{
		"tlsVersions": []any{"TLS 1.2", "TLS 1.3"}, "daysLeft": 21, "hstsSeconds": 31536000,
		"readableCookies": []any{}, "burst": 150, "burstPerSecond": 50,
		"identityProviders": []any{"github.com"},
		"services":          []any{"database", "cache"}, "healthyStates": []any{"healthy", "ok"},
		"p95": "500ms", "samples": 5, "longestTTL": "5m",
	}
}
