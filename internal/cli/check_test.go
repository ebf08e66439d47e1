package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
)

// again runs another command line in the project of inProject.
func again(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestCheckWantsToKnowWhat(t *testing.T) {
	code, stdout, stderr := inProject(t, "check")
	require.Equal(t, exitError, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "name a stack with -s, or a file with --targets")

	for want, args := range map[string][]string{
		`no item is called "DB-33": did you mean DB-3?`:                  {"check", "-s", "x", "--select", "DB-33"},
		`unknown phase "later": pre-deploy, post-deploy, periodic`:       {"check", "-s", "x", "--phase", "later"},
		"none of the chosen items is of the phase pre-deploy":            {"check", "-s", "x", "--phase", "pre-deploy", "--select", "DB-3"},
		"--fail-on: unknown severity":                                    {"check", "-s", "x", "--fail-on", "bad"},
		"there is no Pulumi.x.yaml":                                      {"check", "-s", "x", "--sandbox"},
		"only one output can go to standard output":                      {"check", "-s", "x", "-o", "text", "-o", "json"},
		"read targets: open nowhere.yaml: no such file or directory":     {"check", "--targets", "nowhere.yaml"},
		"the sandbox of staging: it was never up; run gatehouse up -s s": {"check", "-s", "staging", "--sandbox"},
	} {
		if strings.Contains(want, "never up") {
			content, err := os.ReadFile(filepath.Join(repository, "Pulumi.staging.yaml"))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile("Pulumi.staging.yaml", content, 0o600))
		}
		code, _, stderr := again(t, args...)
		require.Equal(t, exitError, code, args)
		require.Contains(t, stderr, want)
	}
}

// repository is the clone: the tests run in folders of their own.
var repository, _ = filepath.Abs("../..")

func TestCheckOfTargetsThatAreNotThereIsUnknown(t *testing.T) {
	inProject(t, "check", "--list")
	targets := "environment: lab\nprometheus: {url: \"http://127.0.0.1:9\"}\n"
	require.NoError(t, os.WriteFile("lab.yaml", []byte(targets), 0o600))
	code, stdout, stderr := again(t, "check", "--targets", "lab.yaml", "-o", "json", "--select", "MON-1,DB-1,CODE-4")
	require.Equal(t, exitOK, code, stderr)
	var run readiness.Run
	require.NoError(t, json.Unmarshal([]byte(stdout), &run))
	require.Equal(t, "lab", run.Environment)
	require.Len(t, run.Items, 3)
	require.Equal(t, 2, run.Summary.Unknown)
	require.Equal(t, 1, run.Summary.Manual)
	kinds := map[string]string{}
	for _, record := range run.Evidence {
		require.False(t, record.Complete)
		kinds[record.Source] = record.Problems[0].Kind
		require.NotContains(t, record.ID, "redis", "what no item needs is not asked")
	}
	require.Equal(t, "unreachable", kinds["prometheus"])
	require.Equal(t, "not configured", kinds["postgres"])

	require.NoError(t, os.WriteFile("lab.yaml", []byte("postgres: {primary: db}\nweb: {portal: portal.example.com}\n"), 0o600))
	code, _, stderr = again(t, "check", "--targets", "lab.yaml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, `lab.yaml: postgres.primary: want HOST:PORT, found "db"`)
	require.Contains(t, stderr, `lab.yaml: web.portal: want a URL such as https://portal.example.com`)
	require.NoError(t, os.WriteFile("lab.yaml", []byte("postgres: {password: hunter2}\n"), 0o600))
	code, _, stderr = again(t, "check", "--targets", "lab.yaml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "lab.yaml: line 1: want {env: NAME} or {file: PATH}, never the secret itself")
	require.NotContains(t, stderr, "hunter2")
}

func TestAttest(t *testing.T) {
	args := []string{"attest", "code-4", "--owner", "Ada", "--statement", "done", "--link", "https://x.example.com", "--expires", "2999-01-01", "-s", "lab"}
	code, stdout, stderr := inProject(t, args...)
	require.Equal(t, exitOK, code, stderr)
	require.Equal(t, "attested CODE-4 until 2999-01-01, in attestations.yaml; commit it\n", stdout)

	require.NoError(t, os.WriteFile("lab.yaml", []byte("environment: lab\n"), 0o600))
	code, stdout, stderr = again(t, "check", "--targets", "lab.yaml", "--select", "CODE-4", "-o", "json")
	require.Equal(t, exitOK, code, stderr)
	var run readiness.Run
	require.NoError(t, json.Unmarshal([]byte(stdout), &run))
	require.Equal(t, 1, run.Summary.Attested)
	require.True(t, run.Summary.Ready)

	for want, args := range map[string][]string{
		"decided by live evidence alone, which nobody can attest":  {"attest", "DB-3", "--owner", "a", "--statement", "b", "--link", "c", "--expires", "2999-01-01"},
		`no item is called "COMP-33": did you mean COMP-3?`:        {"attest", "COMP-33", "--owner", "a", "--statement", "b", "--link", "c", "--expires", "2999-01-01"},
		`--expires soon: expected a day like 2027-06-30`:           {"attest", "COMP-3", "--owner", "a", "--statement", "b", "--link", "c", "--expires", "soon"},
		`required flag(s) "expires", "link", "owner", "statement"`: {"attest", "COMP-3"},
	} {
		before, err := os.ReadFile("attestations.yaml")
		require.NoError(t, err)
		code, _, stderr := again(t, args...)
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, want)
		after, err := os.ReadFile("attestations.yaml")
		require.NoError(t, err)
		require.Equal(t, before, after)
	}

	require.NoError(t, os.WriteFile("attestations.yaml", []byte(strings.ReplaceAll(string(mustRead(t, "attestations.yaml")), "CODE-4", "CODE-9")), 0o600))
	code, _, stderr = again(t, "check", "--targets", "lab.yaml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, `attestations.yaml:2: no item is called "CODE-9"`)
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

func TestWaiveAnItem(t *testing.T) {
	rest := []string{"--reason", "r", "--approver", "Ada", "--ticket", "T-1", "--expires", "2999-01-01"}
	code, stdout, stderr := inProject(t, append([]string{"waive", "NET-5"}, rest...)...)
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "waived NET-5 for * until 2999-01-01")
	code, _, stderr = again(t, append([]string{"waive", "NET-55"}, rest...)...)
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "did you mean NET-5?")
	code, _, stderr = again(t, append([]string{"waive", "aws-rds-multi-az"}, rest...)...)
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "--resource is missing")

	require.NoError(t, os.WriteFile("pod.yaml", []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"), 0o600))
	_, stdout, stderr = again(t, "policy", "check", "--manifests", "pod.yaml", "-o", "json")
	require.NotContains(t, stdout+stderr, "NET-5", "the policies leave waivers of items alone")
}
