package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func inGatehouse(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("Pulumi.yaml", []byte("name: gatehouse\nruntime: go\n"), 0o600))
}

func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}

func TestAttestWrites(t *testing.T) {
	inGatehouse(t)
	digest := "sha256:" + strings.Repeat("0a", 32)
	base := []string{"attest", "comp-5", "--owner", "Ada", "--statement", "reviewed", "--link", "docs/review.md"}
	run := func(more ...string) (int, string, string) {
		return inHere(t, "", append(base[:len(base):len(base)], more...)...)
	}

	code, stdout, stderr := run("--expires", "2099-01-01", "-s", "staging", "--digest", digest)
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "attested COMP-5 until 2099-01-01, in attestations.yaml; commit it")
	first := text(t, "attestations.yaml")
	require.Contains(t, first, "item: COMP-5")
	require.Contains(t, first, "digest: "+digest)
	require.NotContains(t, first, "on: \n")

	code, _, stderr = run("--expires", "2099-01-02")
	require.Equal(t, exitOK, code, stderr)
	require.True(t, strings.HasPrefix(text(t, "attestations.yaml"), first), "what is there stays")

	before := text(t, "attestations.yaml")
	for want, more := range map[string][]string{
		"--expires 2020-01-01: that day has gone by":            {"--expires", "2020-01-01", "--on", "2019-01-01"},
		"--expires soon: expected a day like 2027-06-30":        {"--expires", "soon"},
		"digest: want sha256: and 64 hexadecimal digits":        {"--expires", "2099-01-01", "--digest", "abc"},
		"it expires on 2099-01-01, before it was stated on 210": {"--expires", "2099-01-01", "--on", "2100-01-01"},
	} {
		code, _, stderr = run(more...)
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, want)
		require.Equal(t, before, text(t, "attestations.yaml"))
	}
	require.NoError(t, os.WriteFile("attestations.yaml", []byte("attestations: 3\n"), 0o600))
	code, _, stderr = run("--expires", "2099-01-01")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "read attestations: ")
	require.Equal(t, "attestations: 3\n", text(t, "attestations.yaml"), "nothing is overwritten")
	t.Chdir(t.TempDir())
	code, _, stderr = run("--expires", "2099-01-01")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "no Pulumi.yaml of gatehouse")
}

// A waiver is renewed with the command that wrote it.
func TestWaiveRenews(t *testing.T) {
	inGatehouse(t)
	run := func(expires string) (int, string, string) {
		return inHere(t, "", "waive", "NET-5", "-s", "staging", "--reason", "r", "--approver", "Ada", "--ticket", "T-1", "--expires", expires)
	}
	code, _, stderr := run("2020-01-01")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "--expires 2020-01-01: that day has gone by; today is ")
	require.NoFileExists(t, "waivers.yaml")
	code, stdout, stderr := run("2098-01-01")
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "waived NET-5 for * until 2098-01-01, in waivers.yaml\n")
	code, stdout, stderr = run("2099-01-01")
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "until 2099-01-01, in waivers.yaml, in place of the waiver until 2098-01-01\n")
	require.Equal(t, 1, strings.Count(text(t, "waivers.yaml"), "rule:"))
	code, _, stderr = run("2098-06-01")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "NET-5 is waived for * already on line 2")
	require.Equal(t, 1, strings.Count(text(t, "waivers.yaml"), "rule:"))
}

func TestLastDay(t *testing.T) {
	now := time.Date(2026, 11, 22, 23, 0, 0, 0, time.FixedZone("west", -5*3600)) // the 23rd in UTC
	require.NoError(t, lastDay("2026-11-23", now))
	require.ErrorContains(t, lastDay("2026-11-22", now), "today is 2026-11-23")
	require.Error(t, lastDay("2026-11-31", now))
}

func TestExtend(t *testing.T) {
	dir := t.TempDir()
	add := func(content []byte) ([]byte, error) { return append(content, "x\n"...), nil }
	require.ErrorContains(t, extend("", "list.yaml", "items", add), "add items: there is no Pulumi.yaml here or above, beside which list.yaml would be")
	require.NoError(t, extend(dir, "list.yaml", "items", add))
	require.NoError(t, extend(dir, "list.yaml", "items", add))
	require.Equal(t, "x\nx\n", text(t, filepath.Join(dir, "list.yaml")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	require.ErrorContains(t, extend(dir, "folder", "items", add), "add items: ")
	require.ErrorContains(t, extend(filepath.Join(dir, "nowhere"), "list.yaml", "items", add), "add items: ")
}
