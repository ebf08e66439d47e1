package web_test

import (
	"testing"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/judge"
)

// thresholds are the checklist's of all items that these checkers serve.
func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{"samples": 5},
		"tlsVersions", "daysLeft", "hstsSeconds", "readableCookies", "burst", "burstPerSecond", "identityProviders",
		"services", "healthyStates", "p95", "longestTTL")
}
