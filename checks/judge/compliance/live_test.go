package compliance_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/compliance"
)

func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{
		"dataClasses": []any{"internal", "confidential", "restricted"}, "mostAdministrators": 2,
		"guardDutyFeatures": []any{"S3_DATA_EVENTS", "EKS_AUDIT_LOGS"},
	}, "trailNewestDelivery", "logLeastDays", "logMostDays", "awsKeyAllowed", "secretRotationDays", "secretManualAge", "secretGrace",
		"accessKeyAge", "credentialUnusedAge", "passwordLength", "passwordReuse", "trustedAccounts")
}

func stage(t *testing.T, w *world) checkstest.Stage {
	return checkstest.Stage{
		Checkers: compliance.Checkers(), Environment: judge.Environment{Name: "test"}, Thresholds: thresholds(t),
		Limit: 3 * time.Second,
		Readers: func(t *testing.T) []evidence.Reader {
			c, err := aws.New(t.Context(), w.target)
			require.NoError(t, err)
			t.Cleanup(c.Close)
			return c.Readers()
		},
	}
}

var rootFactor = regexp.MustCompile(`(<key>AccountMFAEnabled</key>\s*<value>)0`)

// completeEmulator adds what the emulator leaves out, in the words of the AWS
// API references: GuardDuty's findings, and root's second factor.
func (w *world) completeEmulator(t *testing.T) {
	w.Set(t, "guardduty:ListFindings", awstest.JSON(map[string]any{"findingIds": []string{}}))
	w.Set(t, "iam:GetAccountSummary", awstest.Rewrite(func(body string) string {
		return rootFactor.ReplaceAllString(body, "${1}1")
	}))
}
