package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox"
)

// inProject runs a command line in an empty project and returns the exit code
// and what it wrote.
func inProject(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: gatehouse\nruntime: go\n"), 0o600))
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestSandboxStatusOfOneThatWasNeverUp(t *testing.T) {
	code, stdout, stderr := inProject(t, "sandbox", "status")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "kube-apiserver")
	require.Contains(t, stdout, "down")
	require.Contains(t, stderr, "run gatehouse sandbox up")

	code, stdout, _ = inProject(t, "sandbox", "status", "-o", "json")
	require.Equal(t, exitFindings, code)
	var status sandbox.Status
	require.NoError(t, json.Unmarshal([]byte(stdout), &status))
	require.Len(t, status.Parts, 6)

	code, _, stderr = inProject(t, "sandbox", "status", "-o", "xml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "text or json")
}

func TestSandboxEnvNeedsASandbox(t *testing.T) {
	code, stdout, stderr := inProject(t, "sandbox", "env")
	require.Equal(t, exitError, code)
	require.Empty(t, stdout, "nothing that a shell would evaluate")
	require.Contains(t, stderr, "run gatehouse sandbox up")
}

func TestSandboxDownIsSafeWithoutASandbox(t *testing.T) {
	code, stdout, _ := inProject(t, "sandbox", "down")
	require.Equal(t, exitOK, code)
	require.Empty(t, stdout)
}

func TestSandboxUpRefusesOtherMachines(t *testing.T) {
	code, _, stderr := inProject(t, "sandbox", "up", "--aws-endpoint", "https://sts.amazonaws.com")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "not a loopback address")
}

func TestShellQuoteSurvivesAShell(t *testing.T) {
	for _, value := range []string{"", "plain", "/a b/c", "it's", `"$(id)"`, "`id`", "a\nb", "$HOME", "ü*?"} {
		out, err := exec.Command("sh", "-c", "export V="+shellQuote(value)+`; printf %s "$V"`).Output()
		require.NoError(t, err)
		require.Equal(t, value, string(out))
	}
}

func TestToolsPathKnowsItsTools(t *testing.T) {
	code, _, stderr := inProject(t, "tools", "path", "terraform")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "terraform")
}
