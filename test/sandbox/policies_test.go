package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/test/suite"
)

// An environment that breaks a mandatory rule is refused before anything of it
// is made, with the rule, the resource and the line that registers it.
func TestPoliciesRefuseAnEnvironment(t *testing.T) {
	p := suite.New(t)
	file := filepath.Join(p.Root, "waivers.yaml")
	waived, err := os.ReadFile(file)
	require.NoError(t, err)
	const rule = "aws-rds-multi-az"
	unwaived := regexp.MustCompile(`(?m)^- rule: `+rule+`\n(  .*\n)+`).ReplaceAll(waived, nil)
	require.NotEqual(t, string(waived), string(unwaived))
	require.NoError(t, os.WriteFile(file, unwaived, 0o600))

	code, _, stderr := p.Run(t, "up", "-s", "staging", "--sandbox", "--yes")
	require.Equal(t, 1, code, stderr)
	require.Contains(t, stderr, "high · mandatory · "+rule)
	require.Contains(t, stderr, "gatehouse-staging-postgres")
	state, err := os.ReadFile(filepath.Join(p.Root, ".gatehouse/staging/pulumi/state/.pulumi/stacks/gatehouse/staging.json"))
	require.NoError(t, err)
	require.NotContains(t, string(state), "aws:rds", "something was made")

	code, stdout, stderr := p.Run(t, "policy", "check", "-s", "staging", "--sandbox", "-o", "json", "-o", "sarif="+filepath.Join(p.Root, "out.sarif"))
	require.Equal(t, 1, code, stderr)
	var result struct {
		Findings []struct {
			Rule, Verdict string
			Location      *struct {
				File string
				Line int
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &result))
	lost, found := 0, false
	for _, f := range result.Findings {
		if f.Location == nil || f.Location.Line == 0 {
			lost++
		}
		if f.Rule == rule && f.Verdict == "deny" {
			require.NotNil(t, f.Location)
			require.Equal(t, "components/postgres/instance.go", f.Location.File)
			found = true
		}
	}
	require.True(t, found)
	require.Zero(t, lost, "findings without a place")
	sarif, err := os.ReadFile(filepath.Join(p.Root, "out.sarif"))
	require.NoError(t, err)
	require.Regexp(t, `"uri":\s*"components/postgres/instance\.go"`, places(t, sarif))

	require.NoError(t, os.WriteFile(file, waived, 0o600))
	code, stdout, stderr = p.Run(t, "preview", "-s", "staging", "--sandbox")
	require.Equal(t, 0, code, stderr)
	require.Regexp(t, `rules · 0 denied`, stdout)
}

// places are the locations of a SARIF file, without its rules.
func places(t *testing.T, sarif []byte) string {
	t.Helper()
	var log struct {
		Runs []struct {
			Results []struct{ Locations json.RawMessage }
		}
	}
	require.NoError(t, json.Unmarshal(sarif, &log))
	text := ""
	for _, result := range log.Runs[0].Results {
		text += string(result.Locations) + "\n"
	}
	return text
}
