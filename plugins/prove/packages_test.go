package prove_test

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/prove"
)

// program runs a program of the probe's page alone, with these files beside it, and
// gives its address.
func program(t *testing.T, files map[string]string, env ...string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not on PATH")
	}
	probe, err := filepath.Abs("probe")
	require.NoError(t, err)
	root := t.TempDir()
	files["app/packages/backend/index.js"] = `
		const { packages } = require(process.argv[2] + '/packages.js');
		const { serve } = require(process.argv[2] + '/serve.js');
		setInterval(() => {}, 1000);
		serve(process.argv[3], { info: console.log, warn: console.log, error: console.log }, {
			'/v1/packages': query => ['application/json', JSON.stringify({ packages: packages(query.getAll('name')) })],
		});`
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	address := free(t)
	node := exec.CommandContext(t.Context(), "node", "packages/backend", probe, address)
	node.Dir = filepath.Join(root, "app")
	node.Env = append(os.Environ(), env...)
	for i, each := range node.Env {
		node.Env[i] = strings.ReplaceAll(each, "ROOT", root)
	}
	out, err := node.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, node.Start())
	t.Cleanup(func() {
		_ = node.Process.Kill()
		_ = node.Wait()
	})
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), "listens on")
	return address
}

// What the portal's program finds counts: the folders of modules beside it and above
// it, then NODE_PATH; not what lies beside the probe.
func TestPackages(t *testing.T) {
	at := program(t, map[string]string{
		"app/node_modules/@acme/plugin-a/package.json":           `{"version": "1.2.0", "exports": {".": "./index.js"}}`,
		"app/node_modules/b/package.json":                        `{"version": "1.0.0"}`,
		"app/packages/backend/node_modules/b/package.json":       `{"version": "2.0.0"}`,
		"app/node_modules/broken/package.json":                   `{`,
		"app/node_modules/none/package.json":                     `{}`,
		"app/package.json":                                       `{"version": "9.9.9"}`,
		"path/b/package.json":                                    `{"version": "3.0.0"}`,
		"path/c/package.json":                                    `{"version": "4.0.0"}`,
		"app/node_modules/__proto__/package.json":                `{"version": "1.0.0"}`,
		"app/node_modules/constructor/package.json":              `{"version": "5.0.0"}`,
		"app/node_modules/" + strings.Repeat("x", 215) + "/a.js": ``,
	}, "NODE_PATH=ROOT/path")
	names := []string{"@acme/plugin-a", "b", "c", "broken", "none", "absent", "constructor", "../..", "..", "@acme/../../..", "@acme/plugin-a/package.json", "", "__proto__", "fs"}
	found, err := prove.Packages(t.Context(), nil, at, names)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"@acme/plugin-a": "1.2.0", "b": "2.0.0", "c": "4.0.0", "broken": "", "none": "", "constructor": "5.0.0"}, found)
	found, err = prove.Packages(t.Context(), nil, at, nil)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestPackagesOfHostileAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer     http.HandlerFunc
		understood bool
	}{
		"a page":         {says(200, "text/html", "<html>"), true},
		"an older probe": {says(404, "text/plain", "want GET /v1/plugins"), true},
		"another JSON":   {says(200, "application/json", `{"plugins":[]}`), true},
		"no JSON":        {says(200, "application/json", `{`), true},
		"two":            {says(200, "application/json", `{"packages":{}}{}`), true},
		"no text":        {says(200, "application/json", `{"packages":{"a":1}}`), true},
		"endless":        {says(200, "application/json", `{"packages":{}}`+strings.Repeat(" ", 1<<20)), true},
		"failing":        {says(500, "text/plain", "no"), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := prove.Packages(t.Context(), nil, answering(t, test.answer), []string{"a"})
			require.ErrorContains(t, err, "which packages are in the image")
			if test.understood {
				require.ErrorIs(t, err, prove.ErrAnswer)
			} else {
				require.NotErrorIs(t, err, prove.ErrAnswer)
			}
		})
	}
	_, err := prove.Packages(t.Context(), nil, free(t), []string{"a"})
	require.ErrorContains(t, err, "refused")
	require.NotErrorIs(t, err, prove.ErrAnswer)
	found, err := prove.Packages(t.Context(), nil, answering(t, says(200, "application/json", `{"packages":{"a":"1\u001b[31m"}}`)), nil)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "1 [31m"}, found)
}
