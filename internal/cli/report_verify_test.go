package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

// runAlone runs one command with arguments.
func runAlone(t *testing.T, cmd *cobra.Command, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err = cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestReportKeygenAndVerify(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	private, keys, tar := filepath.Join(dir, "key.pem"), filepath.Join(dir, "keys.yaml"), filepath.Join(dir, "evidence.tar")

	_, err := runAlone(t, newReportVerifyCommand(), tar)
	require.ErrorContains(t, err, "there are none in keys.yaml")

	said, err := runAlone(t, newReportKeygenCommand(), "Ada Okafor", "--out", private)
	require.NoError(t, err)
	require.Contains(t, said, `signs as "Ada Okafor" from `)
	require.Contains(t, said, "never commit it")
	key, err := openKey(t.Context(), private)
	require.NoError(t, err)
	started := time.Now().UTC().Add(-time.Minute)
	results, err := json.Marshal(readiness.Run{Format: readiness.Format, ID: "staging-1", Environment: "stag\x1bing", Started: started})
	require.NoError(t, err)
	var content bytes.Buffer
	require.NoError(t, bundle.Write(t.Context(), &content, bundle.Contents{Report: results}, key))
	require.NoError(t, os.WriteFile(tar, content.Bytes(), 0o600))

	said, err = runAlone(t, newReportVerifyCommand(), tar)
	require.NoError(t, err, said)
	require.Contains(t, said, "verified: every part is as it was signed")
	require.Contains(t, said, "environment  stag\ufffding\n")
	require.Contains(t, said, "signed by    Ada Okafor (sha256:")
	require.Contains(t, said, "3 parts, among them 0 pieces of evidence as read")

	changed := bytes.Replace(content.Bytes(), []byte("Evidence bundle of"), []byte("Evidence bundle 0f"), 1)
	require.NoError(t, os.WriteFile(tar, changed, 0o600))
	said, err = runAlone(t, newReportVerifyCommand(), tar, "--keys", keys)
	require.ErrorIs(t, err, errFindings)
	require.Contains(t, said, "not verified: 1 problem\n")
	require.Contains(t, said, "CHANGED README.txt\n  it has SHA-256 ")
	require.Contains(t, said, "→ Do not rely on this part")
	said, err = runAlone(t, newReportVerifyCommand(), tar, "-o", "json")
	require.ErrorIs(t, err, errFindings)
	var v bundle.Verification
	require.NoError(t, json.Unmarshal([]byte(said), &v))
	require.Equal(t, bundle.Changed, v.Problems[0].Kind)

	require.NoError(t, os.WriteFile(tar, changed[:700], 0o600))
	_, err = runAlone(t, newReportVerifyCommand(), tar)
	require.ErrorContains(t, err, tar+": read bundle: it is cut off at byte 700")
	require.False(t, errors.Is(err, errFindings))
}

func TestReportKeygenRefuses(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	_, err := runAlone(t, newReportKeygenCommand(), "ci", "--out", "a.key")
	require.NoError(t, err)
	before, err := os.ReadFile(signing.FileName)
	require.NoError(t, err)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"bo", "--out", "a.key"}, "never overwritten"},
		{[]string{"ci", "--out", "b.key"}, "every key has its own"},
		{[]string{"bo", "--key", "a.key"}, "the key is line"},
		{[]string{"bo", "--out", "b.key", "--algorithm", "rsa"}, `--algorithm: unknown algorithm "rsa"`},
		{[]string{"bo", "--out", "b.key", "--expires", "2020-01-01"}, "it expires on 2020-01-01, before"},
		{[]string{"bo", "--key", "awskms://x"}, "want awskms:///ARN"},
		{[]string{"bo"}, "at least one of the flags in the group [out key] is required"},
	} {
		_, err := runAlone(t, newReportKeygenCommand(), c.args...)
		require.ErrorContains(t, err, c.want)
	}
	require.NoFileExists(t, "b.key", "a key that nobody trusts is not left behind")
	after, err := os.ReadFile(signing.FileName)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	require.FileExists(t, "a.key", "what was there stays")
}
