package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/report"
	"gatehouse/test/suite"
)

// echo are rules that say what rules see of a resource, and of a stack: two judges
// that see the same say the same. What has no order is sorted. The last one says
// nothing; at the level remediate it makes the engine's analyzer judge a preview.
var echo = map[string]string{
	"echo/resource/seen.rego": echoMetadata + `package gatehouse.echo.resource.seen

deny contains {"path": [], "message": json.marshal(input)}
`,
	"graph/seen.rego": echoMetadata + `package gatehouse.graph.seen

deny contains {"resource": r.urn, "path": [], "message": json.marshal(object.union(r, sorted(r)))} if some r in input.resources

deny contains {"resource": l.resource, "path": l.path, "message": json.marshal(l)} if some l in input.leaks

sorted(r) := {
	"links": {property: sort(urns) | some property, urns in r.links},
	"secrets": sort(r.secrets),
}
`,
	"echo/resource/remedied.rego": echoMetadata + `package gatehouse.echo.resource.remedied

remedy contains {"path": ["name"], "value": "other"} if input.properties.name == "of nobody"

deny contains {"path": ["name"], "message": "never"} if input.properties.name == "of nobody"
`,
}

const echoMetadata = `# METADATA
# title: Tells what rules see
# description: Two judges that see the same say the same
# custom:
#   severity: low
#   remediation: None
#   frameworks: {Ours: ["1"]}
#   resource_types: ["*"]
#   reads: ["*"]
`

// What is judged beside the engine is what the engine's own analyzer judges:
// every finding, with its level, path, message, waiver and place, and all that
// rules see, of environments of which nothing is made yet, and a part.
func TestBothJudgesFindTheSame(t *testing.T) {
	p := suite.New(t)
	for name, text := range echo {
		path := filepath.Join(p.Root, "our", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	file := filepath.Join(p.Root, "policy-config.yaml")
	config, err := os.ReadFile(file)
	require.NoError(t, err)
	beside := "rules: our\n" + string(config)
	inEngine := strings.Replace(beside, "\ndefault:\n", "\ndefault:\n  echo-resource-remedied: {level: remediate}\n", 1)
	require.NotEqual(t, beside, inEngine)

	agree := func(stack string) report.Result {
		folder := filepath.Join(p.Root, ".gatehouse", stack, "policies")
		var results []report.Result
		for i, config := range []string{beside, inEngine} {
			require.NoError(t, os.RemoveAll(folder))
			require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
			code, stdout, stderr := p.Run(t, "policy", "check", "-s", stack, "--sandbox", "-o", "json")
			require.LessOrEqual(t, code, 1, stderr)
			var result report.Result
			require.NoError(t, json.Unmarshal([]byte(stdout), &result))
			// Its level is how the two are told apart.
			result.Findings = slices.DeleteFunc(result.Findings, func(f report.Finding) bool { return f.Rule == "echo-resource-remedied" })
			results = append(results, result)
			_, err := os.Stat(folder)
			require.Equal(t, i == 1, err == nil, "only the engine's analyzer has a folder")
		}
		here, observed := results[0], results[1]
		t.Logf("%s: %d resources, %d findings", stack, here.Summary.Resources, len(here.Findings))
		for i := range min(len(observed.Findings), len(here.Findings)) {
			require.Equal(t, observed.Findings[i], here.Findings[i])
		}
		require.Len(t, here.Findings, len(observed.Findings))
		require.Equal(t, observed.Summary, here.Summary)
		return here
	}
	for _, stack := range []string{"staging", "production"} {
		require.NotZero(t, agree(stack).Summary.Undecided, "nothing is known yet")
	}
	p.Operate(t, 0, engine.Up, "staging", "--layer", "data", "--skip-preview")
	require.NoError(t, os.Remove(filepath.Join(p.Root, "waivers.yaml")))
	mandatory := map[string]bool{}
	for _, f := range agree("staging").Findings {
		if f.Verdict == report.Deny && f.Level == report.Mandatory {
			group, _, _ := strings.Cut(f.Rule, "-")
			mandatory[group] = true
		}
	}
	require.Equal(t, map[string]bool{"aws": true, "kubernetes": true, "graph": true}, mandatory, "staging breaks rules of each when nothing is waived")
}
