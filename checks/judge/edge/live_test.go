package edge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/edge"
)

func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{
		"wafGroups": []any{"AWS/AWSManagedRulesCommonRuleSet", "AWS/AWSManagedRulesKnownBadInputsRuleSet"},
	}, "wafCountedAllowed", "wafRedacted", "wafMostRequests", "edgeNames", "shieldAdvanced", "certificateDaysLeft",
		"uptimeIntervalSeconds", "uptimeHealthyShare", "uptimeReportAge")
}

func stage(t *testing.T, w *world) checkstest.Stage {
	return checkstest.Stage{
		Checkers: edge.Checkers(), Environment: judge.Environment{Name: "test"}, Thresholds: thresholds(t),
		Limit: 2 * time.Second,
		Readers: func(t *testing.T) []evidence.Reader {
			c, err := aws.New(t.Context(), w.target)
			require.NoError(t, err)
			t.Cleanup(c.Close)
			return c.Readers()
		},
	}
}

// completeEmulator adds what the emulator leaves out, in the words of the AWS
// API references: that certificates are validated, used and renewed, and what
// Route 53's health checkers have just seen.
func (w *world) completeEmulator(t *testing.T) {
	w.Set(t, "acm:DescribeCertificate", awstest.Rewrite(renewed))
	w.Set(t, "route53:GetHealthCheckStatus", observations("Success: HTTP Status Code 200, OK"))
}

func renewed(body string) string {
	return strings.NewReplacer(
		`"PENDING_VALIDATION"`, `"ISSUED"`, `"INELIGIBLE"`, `"ELIGIBLE"`,
		`"InUseBy": []`, `"InUseBy": ["arn:aws:cloudfront::123456789012:distribution/E1"]`,
	).Replace(body)
}

// observations are what the health checkers of eight regions answer: those that
// statuses name, the rest healthy.
func observations(statuses ...string) awstest.Rule {
	var all strings.Builder
	for i := range 8 {
		status := "Success: HTTP Status Code 200, OK"
		if i < len(statuses) {
			status = statuses[i]
		}
		fmt.Fprintf(&all, `<HealthCheckObservation><Region>us-west-%d</Region><IPAddress>192.0.2.%d</IPAddress>`+
			`<StatusReport><Status>%s</Status><CheckedTime>%s</CheckedTime></StatusReport></HealthCheckObservation>`,
			i, i, status, time.Now().UTC().Format(time.RFC3339))
	}
	return awstest.Answer("text/xml", `<?xml version="1.0"?><GetHealthCheckStatusResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">`+
		`<HealthCheckObservations>`+all.String()+`</HealthCheckObservations></GetHealthCheckStatusResponse>`)
}
