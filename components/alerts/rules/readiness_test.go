package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/alerts/rules"
)

// Series of this topic have a sample an hour, and time begins at 0. A run may be
// two days old.
func readinessStories() []story {
	item := func(severity, verdict, overlay, values string) string {
		return `gatehouse_readiness_item{environment="staging",item="DB-2",section="Database Systems",severity="` + severity +
			`",verdict="` + verdict + `",overlay="` + overlay + `"} ` + values
	}
	queries := func(read, not string) []string {
		return []string{
			`gatehouse_readiness_queries{environment="staging",state="read"} ` + read,
			`gatehouse_readiness_queries{environment="staging",state="partly"} 0x5`,
			`gatehouse_readiness_queries{environment="staging",state="not-read"} ` + not,
		}
	}
	run := func(values string) string {
		return `gatehouse_readiness_run_timestamp_seconds{environment="staging"} ` + values
	}
	expiry := func(at string) string {
		return `gatehouse_readiness_statement_expiry_timestamp_seconds{environment="staging",kind="waived",of="DB-3"} ` + at
	}
	failing := func(verdict string) map[string]string {
		return labels("environment", "staging", "item", "DB-2", "section", "Database Systems", "verdict", verdict)
	}
	return []story{
		{
			alert: "ReadinessFailing warning",
			fires: []scene{
				{series: []string{item("high", "FAIL", "none", "1x3")}, at: "1h", labels: failing("FAIL")},
				{series: []string{item("critical", "ERROR", "none", "1x3")}, at: "1h", labels: failing("ERROR")},
				// An attestation is no waiver.
				{series: []string{item("high", "FAIL", "attested", "1x3")}, at: "1h", labels: failing("FAIL")},
			},
			quiet: []scene{
				{series: []string{item("high", "FAIL", "waived", "1x3")}, at: "1h"},
				{series: []string{item("medium", "FAIL", "none", "1x3")}, at: "1h"},
				{series: []string{item("high", "UNKNOWN", "none", "1x3")}, at: "1h"},
				// The next run found it mended.
				{series: []string{item("high", "FAIL", "none", "1x1 stale"), item("high", "PASS", "none", "_x1 1x3")}, at: "3h"},
			},
		},
		{
			alert: "ReadinessUnknown warning",
			fires: []scene{{series: queries("60x5", "40x5"), at: "2h", labels: labels("environment", "staging")}},
			quiet: []scene{{series: queries("80x5", "20x5"), at: "2h"}},
		},
		{
			alert: "ReadinessNotRun warning",
			fires: []scene{{series: []string{run("0x60")}, at: "50h"}},
			quiet: []scene{
				{series: []string{run("0x60")}, at: "47h"},
				{series: []string{run("0x20 144000x40")}, at: "50h"},
			},
		},
		{
			alert: "ReadinessMissing warning",
			fires: []scene{{at: "49h"}},
			quiet: []scene{
				{at: "47h"}, // a new environment
				{series: []string{run("0x60")}, at: "49h"},
			},
		},
		{
			alert: "StatementExpiring warning",
			fires: []scene{
				{series: []string{expiry("1209000x5")}, at: "1h", labels: labels("environment", "staging", "kind", "waived", "of", "DB-3")},
				// It has ended.
				{series: []string{expiry("0x5")}, at: "1h", labels: labels("environment", "staging", "kind", "waived", "of", "DB-3")},
			},
			quiet: []scene{{series: []string{expiry("1300000x5")}, at: "1h"}},
		},
	}
}

func TestWithoutRunsNothingWatchesReadiness(t *testing.T) {
	s := settings()
	s.ReadinessMaxAge = 0
	topics, err := rules.Topics(s)
	require.NoError(t, err)
	for _, topic := range topics {
		require.NotEqual(t, "readiness", topic.Name, "an empty group of rules")
	}
}
