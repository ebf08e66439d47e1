package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func script(t *testing.T, path, body string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755))
	return path
}

func TestLaunchersStartTheStandIns(t *testing.T) {
	dir := t.TempDir()
	executable := script(t, filepath.Join(dir, "it's here", "gatehouse"), `printf '%s|' "$@"`)
	bin := filepath.Join(dir, "bin")
	require.NoError(t, Install(bin, executable, "aws", "kubernetes"))
	out, err := exec.Command(filepath.Join(bin, "pulumi-resource-aws"), "--tracing=x y", "127.0.0.1:1").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "sandbox|provider|aws|--tracing=x y|127.0.0.1:1|", string(out))

	// The official plugin came meanwhile, and something that is not ours.
	script(t, filepath.Join(bin, "pulumi-resource-random"), "exit 0")
	require.NoError(t, Install(bin, executable, "kubernetes"))
	entries, err := filepath.Glob(filepath.Join(bin, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(bin, "pulumi-resource-kubernetes"), filepath.Join(bin, "pulumi-resource-random")}, entries)
}

func TestOfficial(t *testing.T) {
	home, bin, ours := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("PULUMI_HOME", home)
	t.Setenv("PATH", ours+string(os.PathListSeparator)+bin)
	require.NoError(t, Install(ours, "/bin/true", "aws"))
	found, _ := Official("aws", "6.83.0")
	require.False(t, found, "our own launcher is not official")

	script(t, filepath.Join(home, "plugins", "resource-aws-v6.82.0", "pulumi-resource-aws"), "")
	found, _ = Official("aws", "6.83.0")
	require.False(t, found, "another version does not serve")

	cached := script(t, filepath.Join(home, "plugins", "resource-aws-v6.83.0", "pulumi-resource-aws"), "")
	for _, version := range []string{"6.83.0", "v6.83.0"} {
		found, path := Official("aws", version)
		require.True(t, found)
		require.Equal(t, cached, path)
	}

	onPath := script(t, filepath.Join(bin, "pulumi-resource-kubernetes"), "")
	found, path := Official("kubernetes", "4.30.0")
	require.True(t, found)
	require.Equal(t, onPath, path)
	require.NoError(t, os.Chmod(onPath, 0o644))
	found, _ = Official("kubernetes", "4.30.0")
	require.False(t, found, "it must be executable")
}
