package emulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// program puts an executable script on an otherwise empty PATH.
func program(t *testing.T, name, script string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	t.Setenv("PATH", dir)
	return path
}

func TestFindTakesTheServerOnPath(t *testing.T) {
	path := program(t, "moto_server", "exit 0")
	found, err := Find(t.Context(), t.TempDir(), nil)
	require.NoError(t, err)
	require.Equal(t, path, found)
}

func TestFindInstallsOnceAndThenTakesTheInstalled(t *testing.T) {
	// A python3 that makes a virtual environment whose pip installs a server.
	program(t, "python3", `/bin/mkdir -p "$3/bin"
printf '#!/bin/sh\n: > "%s/bin/moto_server"\n' "$3" > "$3/bin/python"
/bin/chmod +x "$3/bin/python"`)
	cache := t.TempDir()
	var said []string
	first, err := Find(t.Context(), cache, func(line string) { said = append(said, line) })
	require.NoError(t, err)
	require.Len(t, said, 1)
	require.Contains(t, said[0], Requirement)
	again, err := Find(t.Context(), cache, func(line string) { said = append(said, line) })
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, said, 1)
}

func TestFindSaysWhatToDo(t *testing.T) {
	cache := t.TempDir()
	program(t, "none", "")
	_, err := Find(t.Context(), cache, nil)
	require.ErrorContains(t, err, "python3 is not installed")

	program(t, "python3", "echo no network >&2; /bin/mkdir -p $3/bin; exit 1")
	_, err = Find(t.Context(), cache, nil)
	require.ErrorContains(t, err, "no network")
	require.ErrorContains(t, err, "pip install 'moto[server]==5.2.1'")
	require.ErrorContains(t, err, "--aws-endpoint")
	require.NoDirExists(t, filepath.Join(cache, "moto-5.2.1"), "nothing half-installed")
}

func TestHealthy(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	require.NoError(t, Healthy(t.Context(), server.URL))
	status = http.StatusInternalServerError
	require.ErrorContains(t, Healthy(t.Context(), server.URL), "500")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, Healthy(ctx, server.URL), context.Canceled)
}
