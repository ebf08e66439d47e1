package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
)

func TestOperationsRefuseBeforeAnythingStarts(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no stack":           {[]string{"up", "--sandbox"}, `required flag(s) "stack" not set`},
		"no such stack":      {[]string{"preview", "-s", "qa", "--sandbox"}, "there is no Pulumi.qa.yaml; copy Pulumi.staging.yaml and change it"},
		"nobody to ask":      {[]string{"up", "-s", "real"}, "up of real needs a person's word: add --yes"},
		"deleting unasked":   {[]string{"destroy", "-s", "real"}, "destroy of real needs a person's word: add --yes"},
		"unknown output":     {[]string{"up", "-s", "real", "-o", "xml"}, `unknown output "xml": text or json`},
		"destroying a layer": {[]string{"destroy", "-s", "real", "--layer", "data"}, "unknown flag: --layer"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := inProject(t, c.args...)
			require.Equal(t, exitError, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, c.want)
		})
	}
}

func TestUpNamesEveryMistakeOfTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: gatehouse\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.staging.yaml"), []byte("config:\n  gatehouse:netwrok: {}\n"), 0o600))
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code := Main(t.Context(), []string{"up", "-s", "staging", "--sandbox"}, strings.NewReader(""), &out, &errs)
	require.Equal(t, exitError, code)
	require.Contains(t, errs.String(), "Pulumi.staging.yaml:2:3: gatehouse:netwrok:")
	require.Contains(t, errs.String(), "gatehouse:data")
	require.NoDirExists(t, filepath.Join(dir, ".gatehouse"), "nothing was started")
}

func TestSummaryFitsTheTerminal(t *testing.T) {
	var out bytes.Buffer
	writeSummary(&out, "staging", engine.Refresh, engine.Result{
		Layers:    map[string]int{"foundation": 111, "network": 66, "edge": 26, "data": 56, "cluster": 74, "platform": 28},
		Simulated: map[string]int{"aws:eks/addon:Addon": 7, "aws:backup/restoreTestingSelection:RestoreTestingSelection": 2},
		Changes: []engine.Change{{
			Name: "gatehouse-staging-postgres", Type: "aws:rds/instance:Instance", Operation: "update", Properties: []string{"deletionProtection"},
		}},
		Seconds: 4.2,
	})
	require.Equal(t, `staging     foundation 111 · network 66 · edge 26 · data 56 · cluster 74 ·
            platform 28
            1 drifted · 4.2 s
simulated   9, in the state only: backup:RestoreTestingSelection 2, eks:Addon 7
            update gatehouse-staging-postgres (aws:rds/instance:Instance):
            deletionProtection
`, out.String())
}

func TestSummaryTellsWhatBecameOfHowMany(t *testing.T) {
	r := engine.Result{ChangeSummary: map[string]int{"create": 3, "same": 2, "replace": 1}}
	require.Equal(t, "3 created, 1 replaced, 2 unchanged", changeCounts(engine.Up, r))
	require.Equal(t, "3 to create, 1 to replace, 2 unchanged", changeCounts(engine.Preview, r))
	require.Equal(t, "no drift", changeCounts(engine.Refresh, engine.Result{}))
	require.Equal(t, "nothing to do", changeCounts(engine.Up, engine.Result{}))
}
