package sandbox

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/test/suite"
)

// requireReported wants a report that others can check: a page, a signed bundle
// that shows every change, and a history that runs are compared in.
func requireReported(t *testing.T, p *suite.Project) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	page, results, bundle := filepath.Join(out, "report.html"), filepath.Join(out, "results.json"), filepath.Join(out, "evidence.tar")
	code, stdout, stderr := p.Run(t, "check", "-s", "staging", "--sandbox", "-o", "summary", "-o", "html="+page, "-o", "json="+results,
		"-o", "oscal="+filepath.Join(out, "oscal.json"), "--bundle", bundle)
	require.Equal(t, 0, code, "%s\n%s", stderr, stdout)

	text, err := os.ReadFile(results)
	require.NoError(t, err)
	var run readiness.Run
	require.NoError(t, json.Unmarshal(text, &run))
	requireDerived(t, run)
	shown, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(shown), run.Summary.Headline)
	requireNoSecret(t, p, string(text)+string(shown))
	requireVerified(t, p, bundle)

	// The second run knows the first.
	again := check(t, p, 0)
	require.NotNil(t, again.Comparison)
	require.Equal(t, run.ID, again.Comparison.Before.ID)
	require.Equal(t, run.ID, again.Items[0].History[0].Run)
	code, stdout, stderr = p.Run(t, "report", "history", "-s", "staging")
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, again.ID)
	code, stdout, stderr = p.Run(t, "report", "diff", results, results)
	require.Equal(t, 0, code, "%s\n%s", stderr, stdout)

	// A run in which something got worse.
	broken := slices.IndexFunc(run.Items, func(i readiness.Item) bool { return i.Verdict == readiness.Pass })
	run.Items[broken].Verdict, run.Items[broken].Found = readiness.Fail, "it is broken"
	run.Items[broken].Judgements[0].Verdict = readiness.Fail
	run.Finish(run.Summary.FailOn)
	worse, err := json.Marshal(run)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(out, "worse.json"), worse, 0o600))
	code, stdout, stderr = p.Run(t, "report", "diff", results, filepath.Join(out, "worse.json"))
	require.Equal(t, 1, code, "%s\n%s", stderr, stdout)
	require.Contains(t, stdout, run.Items[broken].ID)
}

// requireDerived wants the parts of the report that auditors read.
func requireDerived(t *testing.T, run readiness.Run) {
	t.Helper()
	require.True(t, run.Sandbox)
	require.NotNil(t, run.Policies)
	require.Greater(t, len(run.Deployed.Resources), 300)
	require.NotEmpty(t, run.Deployed.Simulated, "what the sandbox pretends is counted")
	require.Len(t, run.Frameworks, 4)
	for _, layer := range run.Layers {
		require.NotZero(t, layer.Resources, layer.Name)
		require.NotEmpty(t, layer.Items, layer.Name)
	}
	require.NotNil(t, run.Access, "the access review lists somebody")
	require.NotEmpty(t, run.Access.Grants)
	require.Positive(t, run.Coverage.Read)
	require.NotEmpty(t, run.Next)
}

// requireVerified wants the bundle to verify, and not when anything in it is
// another.
func requireVerified(t *testing.T, p *suite.Project, bundle string) {
	t.Helper()
	keys := filepath.Join(p.Root, ".gatehouse", "signing", "keys.yaml")
	code, stdout, stderr := p.Run(t, "report", "verify", bundle, "--keys", keys)
	require.Equal(t, 0, code, "%s\n%s", stderr, stdout)
	require.Contains(t, stdout, "sandbox of this machine")

	content, err := os.ReadFile(bundle)
	require.NoError(t, err)
	parts := map[string]int{}
	archive := tar.NewReader(bytes.NewReader(content))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		parts[header.Name] = int(header.Size)
		body, err := io.ReadAll(archive)
		require.NoError(t, err)
		requireNoSecret(t, p, string(body))
	}
	for _, name := range []string{"report.json", "report.html", "checklist.yaml", "policies.tar.gz", "targets.yaml", "waivers.yaml", "evidence/postgres.nodes.json"} {
		require.Positive(t, parts[name], name)
	}
	at := bytes.Index(content, []byte(`"verdict": "PASS"`))
	require.Positive(t, at)
	copy(content[at:], `"verdict": "FAIL"`)
	forged := filepath.Join(t.TempDir(), "forged.tar")
	require.NoError(t, os.WriteFile(forged, content, 0o600))
	code, stdout, stderr = p.Run(t, "report", "verify", forged, "--keys", keys)
	require.Equal(t, 1, code, "%s\n%s", stderr, stdout)
	require.Contains(t, stdout, "report.json")
}
