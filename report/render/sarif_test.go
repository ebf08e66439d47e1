package render_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
)

// sarifLog is what the tests read back, less than what is written.
type sarifLog struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID         string
					HelpURI    string
					Properties map[string]any
				}
			}
		}
		AutomationDetails struct{ ID string }
		Invocations       []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
		Results []struct {
			RuleID, Kind, Level string
			RuleIndex           int
			Message             struct{ Text string }
			Locations           []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           struct{ StartLine int }
				}
			}
			PartialFingerprints map[string]string
			Suppressions        []struct{ Kind, Justification string }
		}
	}
}

func sarif(t require.TestingT, r report.Result) sarifLog {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(rendered(t, "sarif", r, options())), &log))
	return log
}

func TestSARIF(t *testing.T) {
	run := sarif(t, example()).Runs[0]
	require.Equal(t, "gatehouse-policies/staging/", run.AutomationDetails.ID)
	var lines []string
	for _, r := range run.Results {
		require.Equal(t, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		at := r.Locations[0].PhysicalLocation
		require.Equal(t, "%SRCROOT%", at.ArtifactLocation.URIBaseID)
		lines = append(lines, fmt.Sprintf("%s %s %s %s:%d %d", r.Kind, r.Level, r.RuleID, at.ArtifactLocation.URI, at.Region.StartLine, len(r.Suppressions)))
	}
	require.Equal(t, []string{
		" error graph-default-deny Pulumi.yaml:1 0",
		" error aws-ec2-no-open-ssh stacks/network.go:118 0",
		" error aws-ec2-no-open-ssh stacks/network.go:118 0",
		" error aws-rds-storage-encrypted stacks/data.go:41 0",
		" note aws-tags components/bucket/bucket.go:77 0",
		"open none aws-iam-no-wildcard-action Pulumi.yaml:1 0",
		"open none aws-iam-no-wildcard-action Pulumi.yaml:1 0",
		" warning aws-rds-multi-az stacks/data.go:41 1",
	}, lines)
	require.Equal(t, "staging may be gone for an hour (alice, PLAT-12, until 2027-02-01)", run.Results[7].Suppressions[0].Justification)
	require.False(t, run.Invocations[0].ExecutionSuccessful)
	require.Equal(t, "graph-default-deny failed: eval_conflict_error: two values for one key", run.Invocations[0].ToolExecutionNotifications[0].Message.Text)
	rule := run.Tool.Driver.Rules[4]
	require.Equal(t, map[string]any{"security-severity": "8.0", "tags": []any{"security", "CIS AWS 2.2.1", "NIST 800-53 SC-28"}}, rule.Properties)
}

func TestSARIFKeepsToTheStandard(t *testing.T) {
	// The standard's schema (errata 01) without its descriptions.
	content, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	schema := compiled(t, content)
	for _, r := range []report.Result{example(), {}} {
		require.NoError(t, schema.Validate(value(t, rendered(t, "sarif", r, options()))))
	}
	require.Error(t, schema.Validate(value(t, strings.Replace(rendered(t, "sarif", example(), options()), `"kind":"open"`, `"kind":"maybe"`, 1))))
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult(t)
		require.NoError(t, schema.Validate(value(t, rendered(t, "sarif", r, options()))))
		run := sarif(t, r).Runs[0]
		prints := map[string]bool{}
		for _, result := range run.Results {
			require.Equal(t, result.RuleID, run.Tool.Driver.Rules[result.RuleIndex].ID)
			require.Equal(t, result.Kind == "open", result.Level == "none")
			require.NotEmpty(t, result.Locations[0].PhysicalLocation.ArtifactLocation.URI)
			require.GreaterOrEqual(t, result.Locations[0].PhysicalLocation.Region.StartLine, 1)
			require.NotContains(t, result.Message.Text, "\n")
			for _, print := range result.PartialFingerprints {
				require.False(t, prints[print], "a fingerprint of two findings")
				prints[print] = true
			}
		}
	})
}

func TestSARIFFingerprintsOutliveLines(t *testing.T) {
	before, after := example(), example()
	for i := range after.Findings {
		if at := after.Findings[i].Location; at != nil {
			after.Findings[i].Location = &report.Location{File: at.File, Line: at.Line + 12}
		}
		after.Findings[i].Message += ", still"
	}
	for i, result := range sarif(t, before).Runs[0].Results {
		require.Equal(t, result.PartialFingerprints, sarif(t, after).Runs[0].Results[i].PartialFingerprints)
	}
}

func TestSARIFPlaces(t *testing.T) {
	r := example()
	r.Findings = r.Findings[:1]
	for file, want := range map[string]string{
		"a b/ü.go": "a%20b/%C3%BC.go", "/tmp/x.yaml": "file:///tmp/x.yaml", "./deploy/a.yaml": "deploy/a.yaml", "a:b.yaml": "./a:b.yaml", "": "Pulumi.yaml",
	} {
		r.Findings[0].Location = &report.Location{File: file, Line: 3}
		require.Equal(t, want, sarif(t, r).Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI)
	}
}

func TestSARIFKeepsToGitHubsLimits(t *testing.T) {
	r := example()
	f := r.Findings[1]
	for i := range 40 {
		f.Frameworks = append(f.Frameworks, report.Framework{Name: "N", Requirement: fmt.Sprint(i)})
	}
	f.Rule = "aws-many-tags"
	r.Findings = nil
	for range 25010 {
		r.Findings = append(r.Findings, f)
	}
	run := sarif(t, r).Runs[0]
	require.Len(t, run.Results, 25000)
	require.Equal(t, "10 findings are left out: code scanning takes 25000", run.Invocations[0].ToolExecutionNotifications[0].Message.Text)
	for _, rule := range run.Tool.Driver.Rules {
		require.LessOrEqual(t, len(rule.Properties["tags"].([]any)), 20)
	}
}
