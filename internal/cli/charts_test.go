package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/release"
)

// chartProject makes a project with one chart, served on this machine, and
// moves there. It returns the path of its catalogue.
func chartProject(t *testing.T, digest string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/index.yaml") {
			fmt.Fprint(w, "entries: {nginx: [{version: 1.2.3, urls: [nginx.tgz]}]}")
			return
		}
		fmt.Fprint(w, "archive")
	}))
	t.Cleanup(server.Close)
	root := t.TempDir()
	path := filepath.Join(root, release.Catalogue)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.yaml"), []byte("name: gatehouse\n"), 0o600))
	line := fmt.Sprintf("# pinned\n- {name: nginx, repository: %s, version: 1.2.3, digest: %q}\n", server.URL, digest)
	require.NoError(t, os.WriteFile(path, []byte(line), 0o600))
	t.Chdir(root)
	return path
}

func chartCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = Main(t.Context(), append([]string{"charts"}, args...), strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestChartsAreLockedOnceAndThenCompared(t *testing.T) {
	path := chartProject(t, "")
	sum := sha256.Sum256([]byte("archive"))
	digest := hex.EncodeToString(sum[:])

	code, out, _ := chartCommand(t, "verify")
	require.Equal(t, exitFindings, code)
	require.Contains(t, out, "run gatehouse charts lock")

	code, out, _ = chartCommand(t, "lock")
	require.Equal(t, exitOK, code, out)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), `digest: "`+digest+`"}`)
	require.Contains(t, string(text), "# pinned")

	code, _, _ = chartCommand(t, "verify")
	require.Equal(t, exitOK, code)
}

func TestALockedChartThatDiffersIsNeverReplaced(t *testing.T) {
	path := chartProject(t, "00")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, command := range []string{"verify", "lock"} {
		code, out, _ := chartCommand(t, command)
		require.Equal(t, exitFindings, code, command)
		require.Contains(t, out, "differs: the catalogue has 00")
	}
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestARepositoryThatCannotBeReadIsAnError(t *testing.T) {
	path := chartProject(t, "")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), "1.2.3", "9.9.9", 1)), 0o600))
	code, _, errs := chartCommand(t, "lock")
	require.Equal(t, exitError, code)
	require.Contains(t, errs, "serves no version 9.9.9")
}
