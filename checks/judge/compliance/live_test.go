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

func thresholds() judge.Thresholds {
	return judge.Thresholds{
		"trailNewestDelivery": "24h", "logLeastDays": 30, "logMostDays": 400,
		"dataClasses":        []any{"internal", "confidential", "restricted"},
		"awsKeyAllowed":      []any{"logs"},
		"secretRotationDays": 90, "secretManualAge": "8760h", "secretGrace": "48h",
		"guardDutyFeatures": []any{"S3_DATA_EVENTS", "EKS_AUDIT_LOGS"},
		"accessKeyAge":      "2160h", "credentialUnusedAge": "2160h", "passwordLength": 14, "passwordReuse": 24,
		"trustedAccounts": []any{}, "mostAdministrators": 2,
	}
}

func stage(w *world) checkstest.Stage {
	return checkstest.Stage{
		Checkers: compliance.Checkers(), Environment: judge.Environment{Name: "test"}, Thresholds: thresholds(),
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
