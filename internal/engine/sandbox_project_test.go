package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const stackFile = `secretsprovider: awskms://alias/real
encryptedkey: cmVhbA==
config:
  gatehouse:environment:
    tier: staging
  gatehouse:foundation:
    secrets:
      github-oauth:
        initialValue:
          secure: v1:ciphertext
`

func TestCopyOfTheProjectHoldsNoCiphertextAndLeavesTheOriginalAlone(t *testing.T) {
	root, work := t.TempDir(), t.TempDir()
	original := filepath.Join(root, "Pulumi.staging.yaml")
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.yaml"), []byte("name: gatehouse\nruntime: go\n"), 0o600))
	require.NoError(t, os.WriteFile(original, []byte(stackFile), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(work, "Pulumi.staging.yaml"), []byte("encryptionsalt: v1:kept\n"), 0o600))

	s := &Sandbox{AWSEndpoint: "http://127.0.0.1:1", Kubeconfig: "/k", AccountID: "123456789012"}
	secrets, err := s.copyProject(Options{Root: root, Stack: "staging"}, work)
	require.NoError(t, err)
	require.Equal(t, []string{"gatehouse:foundation.secrets.github-oauth.initialValue"}, secrets)

	copied, err := readYAML(filepath.Join(work, "Pulumi.staging.yaml"))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"encryptionsalt": "v1:kept",
		"config": map[string]any{
			"gatehouse:environment": map[string]any{"tier": "staging"},
			"gatehouse:foundation":  map[string]any{"secrets": map[string]any{"github-oauth": map[string]any{}}},
			"gatehouse:sandbox":     map[string]any{"awsEndpoint": "http://127.0.0.1:1", "kubeconfig": "/k", "accountId": "123456789012"},
		},
	}, copied)

	untouched, err := os.ReadFile(original)
	require.NoError(t, err)
	require.Equal(t, stackFile, string(untouched))
}

func TestCopyOfAnUnknownEnvironmentSaysWhatToDo(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.yaml"), []byte("name: gatehouse\n"), 0o600))
	_, err := (&Sandbox{}).copyProject(Options{Root: root, Stack: "qa"}, t.TempDir())
	require.EqualError(t, err, "read the configuration: there is no Pulumi.qa.yaml; copy Pulumi.staging.yaml and change it")
}

func TestEnvironmentOfThePulumiCommandHoldsNothingOfTheUsers(t *testing.T) {
	t.Setenv("AWS_PROFILE", "real")
	t.Setenv("AWS_SESSION_TOKEN", "real")
	t.Setenv("KUBECONFIG", "/real/config")
	t.Setenv("PULUMI_ACCESS_TOKEN", "real")
	s := &Sandbox{AWSEndpoint: "http://127.0.0.1:1", Kubeconfig: "/sandbox/kubeconfig"}
	for _, entry := range s.environ(Options{Root: t.TempDir(), Stack: "staging"}, "/p", "/bin") {
		require.NotContains(t, entry, "real")
	}
}
