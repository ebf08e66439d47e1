package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
)

func TestFails(t *testing.T) {
	for name, c := range map[string]struct {
		finding report.Finding
		least   report.Severity
		want    bool
	}{
		"mandatory":                  {report.Finding{Verdict: report.Deny, Level: report.Mandatory, Severity: report.Low}, report.Critical, true},
		"mandatory, level alone":     {report.Finding{Verdict: report.Deny, Level: report.Mandatory, Severity: report.Low}, "", true},
		"remediate":                  {report.Finding{Verdict: report.Deny, Level: report.Remediate, Severity: report.Low}, report.Critical, true},
		"advisory, bad enough":       {report.Finding{Verdict: report.Deny, Level: report.Advisory, Severity: report.High}, report.High, true},
		"advisory, worse":            {report.Finding{Verdict: report.Deny, Level: report.Advisory, Severity: report.Critical}, report.High, true},
		"advisory, not bad enough":   {report.Finding{Verdict: report.Deny, Level: report.Advisory, Severity: report.Medium}, report.High, false},
		"advisory, level alone":      {report.Finding{Verdict: report.Deny, Level: report.Advisory, Severity: report.Critical}, "", false},
		"what could not be judged":   {report.Finding{Verdict: report.Error, Level: report.Mandatory, Severity: report.Low}, report.Critical, true},
		"an error that only advises": {report.Finding{Verdict: report.Error, Level: report.Advisory, Severity: report.Low}, report.High, false},
		"undecided":                  {report.Finding{Verdict: report.Undecided, Level: report.Mandatory, Severity: report.Critical}, report.Low, false},
		"waived":                     {report.Finding{Verdict: report.Deny, Level: report.Mandatory, Severity: report.Critical, Waived: true}, report.Low, false},
		"a waived error":             {report.Finding{Verdict: report.Error, Level: report.Mandatory, Severity: report.Critical, Waived: true}, report.Low, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, c.finding.Fails(c.least)) })
	}
}
