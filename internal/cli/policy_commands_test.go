package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const pod = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: portal}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.2.3
    securityContext:
      privileged: true
`

// inOther runs a command in a project that is none of ours, with some files.
func inOther(t *testing.T, files map[string]string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: other\nruntime: nodejs\n"), 0o600))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	t.Chdir(dir)
	return inHere(t, stdin, args...)
}

func inHere(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestPolicyCheckManifests(t *testing.T) {
	code, stdout, stderr := inOther(t, map[string]string{"pod.yaml": pod}, "", "policy", "check", "--manifests", "pod.yaml", "-o", "json")
	require.Equal(t, exitFindings, code, stderr)
	var result struct {
		Findings []struct {
			Rule, Severity, Verdict, Resource, Message, Path string
			Waived                                           bool
			Location                                         struct {
				File string
				Line int
			}
		}
		Summary struct{ Deny int }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &result))
	found := false
	for _, f := range result.Findings {
		if f.Rule == "kubernetes-pods-privileged" {
			found = true
			require.Equal(t, "deny", f.Verdict)
			require.Equal(t, "kubernetes:core/v1:Pod::portal/web", f.Resource)
			require.Equal(t, "spec.containers[0].securityContext.privileged", f.Path)
			require.Equal(t, "pod.yaml", f.Location.File)
			require.Equal(t, 9, f.Location.Line)
		}
	}
	require.True(t, found)
	require.NotZero(t, result.Summary.Deny)

	code, stdout, _ = inHere(t, pod, "policy", "check", "--manifests", "-", "-o", "github")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "::error ")
}

func TestPolicyCheckCannot(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"nothing to judge":  {nil, "", "at least one of the flags in the group [stack state manifests] is required"},
		"two things":        {[]string{"--state", "a", "--manifests", "b"}, "", "none of the others can be"},
		"no such file":      {[]string{"--state", "nowhere.json"}, "", "read the state: open nowhere.json"},
		"a truncated state": {[]string{"--state", "-"}, `{"version": 3, "deployment": {`, "-"},
		"not YAML":          {[]string{"--manifests", "-"}, "a: [b\n", "standard input:1"},
		"unknown format":    {[]string{"--manifests", "-", "-o", "xml"}, "", `unknown output "xml": github, json, junit, markdown, sarif, text`},
		"two on stdout":     {[]string{"--manifests", "-", "-o", "json", "-o", "sarif"}, "", "only one output can go to standard output"},
		"unknown severity":  {[]string{"--manifests", "-", "--fail-on", "worst"}, "", `--fail-on: unknown severity "worst"`},
		"a live preview":    {[]string{"-s", "dev"}, "", "judge the output of `pulumi preview --json --show-sames` with --state"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := inOther(t, nil, c.stdin, append([]string{"policy", "check"}, c.args...)...)
			require.Equal(t, exitError, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, c.want)
		})
	}
}

// What is advisory fails from the severity of --fail-on on.
func TestPolicyFailOn(t *testing.T) {
	config := map[string]string{"policy-config.yaml": "default:\n"}
	code, stdout, stderr := inOther(t, nil, "", "policy", "list", "-o", "json")
	require.Equal(t, exitOK, code, stderr)
	var rules []struct {
		ID, Title, Severity, Level string
		Frameworks                 []any
		ResourceTypes              []string
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &rules))
	require.Greater(t, len(rules), 120)
	for _, rule := range rules {
		require.NotEmpty(t, rule.Frameworks, rule.ID)
		require.NotEmpty(t, rule.ResourceTypes, rule.ID)
		config["policy-config.yaml"] += "  " + rule.ID + ": {level: advisory}\n"
	}
	config["pod.yaml"] = pod
	code, _, stderr = inOther(t, config, "", "policy", "check", "--manifests", "pod.yaml", "--fail-on", "critical")
	require.Equal(t, exitFindings, code, stderr)
	config["pod.yaml"] = strings.Replace(pod, "privileged: true", "privileged: false", 1)
	code, _, stderr = inOther(t, config, "", "policy", "check", "--manifests", "pod.yaml", "--fail-on", "critical")
	require.Equal(t, exitOK, code, stderr)
}

// A baseline waives what is denied today, and nothing of it counts tomorrow;
// waive adds one more.
func TestPolicyBaseline(t *testing.T) {
	mine := "# ours\nwaivers: []\n"
	code, stdout, stderr := inOther(t, map[string]string{"pod.yaml": pod, "waivers.yaml": mine}, "",
		"policy", "baseline", "--manifests", "pod.yaml", "--approver", "Ada", "--ticket", "OPS-1")
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "waivers added to waivers.yaml")
	code, stdout, stderr = inHere(t, "", "policy", "check", "--manifests", "pod.yaml")
	require.Equal(t, exitOK, code, stdout+stderr)
	require.Contains(t, stdout, "kubernetes-pods-privileged", "a waived finding stays visible")

	code, _, stderr = inHere(t, "", "waive", "kubernetes-pods-privilegd", "--resource", "*", "--reason", "r", "--approver", "a", "--ticket", "t", "--expires", "2099-01-01")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "did you mean kubernetes-pods-privileged?")
	code, _, stderr = inHere(t, "", "waive", "aws-rds-multi-az", "--resource", "*", "--reason", "r", "--approver", "a", "--ticket", "t", "--expires", "2099-01-01")
	require.Equal(t, exitOK, code, stderr)
	text, err := os.ReadFile("waivers.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), "# ours")
	require.Contains(t, string(text), "aws-rds-multi-az")
}

func TestPolicyTestFindsABrokenRule(t *testing.T) {
	code, stdout, stderr := inOther(t, nil, "", "policy", "test", "--rule", "aws-rds-storage-encrypted")
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "1 rules")
	code, _, stderr = inHere(t, "", "policy", "test", "--rule", "nothing")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, `none begins with "nothing"`)

	rules := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(rules, "ours"), 0o755))
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(rules, "ours", name), []byte(text), 0o600))
	}
	write("named.rego", `# METADATA
# title: It has a name
# description: Nobody finds it otherwise
# custom:
#   severity: low
#   remediation: Name it
#   frameworks: {Ours: ["1"]}
#   resource_types: ["test:Thing"]
#   reads: [name]
package gatehouse.ours.named

deny contains {"path": ["name"], "message": "it has no name"} if not input.properties.title
`)
	write("named.yaml", `
pass: [{name: named, type: "test:Thing", properties: {name: a}}]
fail: [{name: unnamed, type: "test:Thing", properties: {}}]
near_miss: [{name: a number, type: "test:Thing", properties: {name: 1}}]
undecided: [{name: computed, type: "test:Thing", properties: {name: !unknown }}]
`)
	code, stdout, _ = inHere(t, "", "policy", "test", "--rules", rules)
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "ours/named.yaml:2")
	require.Contains(t, stdout, "pass: named")
}

func TestPolicySchemas(t *testing.T) {
	for _, name := range []string{"config", "waivers", "result"} {
		code, stdout, stderr := inOther(t, nil, "", "policy", "schema", name)
		require.Equal(t, exitOK, code, stderr)
		require.True(t, json.Valid([]byte(stdout)), name)
	}
}
