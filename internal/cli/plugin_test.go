package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/status"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// pluginScene is a project of ours with a stack, a registry, and what is known of
// vulnerabilities.
type pluginScene struct {
	t        *testing.T
	registry *npmtest.Registry
	dir      string
}

// newPluginScene has a stack whose plugins are the text.
func newPluginScene(t *testing.T, plugins string) *pluginScene {
	t.Helper()
	s := &pluginScene{t: t, registry: npmtest.New(t), dir: t.TempDir()}
	s.file("Pulumi.yaml", "name: gatehouse\nruntime: go\n")
	stack, err := os.ReadFile(configtest.File("staging"))
	require.NoError(t, err)
	const committed = "    plugins:\n      host: sandbox/backstage/host.json\n"
	require.Contains(t, string(stack), committed)
	before, after, found := strings.Cut(strings.Replace(string(stack), committed, "", 1), "    images:")
	require.True(t, found)
	s.file("Pulumi.staging.yaml", before+"    plugins: # ours\n      host: host.json\n      registry: "+s.registry.URL.String()+"\n"+plugins+"    images:"+after)
	s.file("host.json", `{"backstage": "1.42.0", "node": "22.3.0", "packages": {"@backstage/backend-plugin-api": "1.4.0"}}`)
	s.file("advisories/MAL-1.json", fmt.Sprintf(`{"id": "MAL-1", "modified": %q, "affected": [{"package": {"ecosystem": "npm", "name": "evil-plugin"}, "versions": ["1.0.0"]}]}`,
		time.Now().UTC().Format(time.RFC3339)))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(s.dir, "cache"))
	t.Chdir(s.dir)
	return s
}

func (s *pluginScene) file(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
}

func (s *pluginScene) stack() string {
	return content(s.t, filepath.Join(s.dir, "Pulumi.staging.yaml"))
}

func (s *pluginScene) verify(args ...string) (code int, stdout, stderr string) {
	return inHere(s.t, "", append([]string{"plugin", "verify", "--advisories", "advisories"}, args...)...)
}

func TestPluginVerify(t *testing.T) {
	s := newPluginScene(t, "")
	good := s.registry.Publish(npmtest.Package{Name: "@example/plugin-a", Version: "1.0.0"})
	s.registry.Publish(npmtest.Package{Name: "evil-plugin", Version: "1.0.0"})

	code, stdout, stderr := s.verify("@example/plugin-a@1.0.0", "-s", "staging")
	require.Equal(t, exitOK, code, stdout+stderr)
	require.Contains(t, stdout, "@example/plugin-a@1.0.0: accepted")
	require.Contains(t, stderr, "no integrity is configured; the registry says\n"+good.Integrity.String())
	for line := range strings.Lines(stdout) {
		require.LessOrEqual(t, len([]rune(line)), helpWidth+1, line)
	}

	code, stdout, stderr = s.verify("@example/plugin-a@1.0.0", "-s", "staging", "--integrity", good.Integrity.String(), "-o", "json")
	require.Equal(t, exitOK, code, stderr)
	require.NotContains(t, stderr, "no integrity is configured")
	var result gate.Result
	require.NoError(t, json.Unmarshal([]byte(stdout), &result))
	require.True(t, result.Accepted)
	validJSON(t, gate.Schema, stdout)

	code, stdout, _ = s.verify("evil-plugin@1.0.0", "-s", "staging")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "evil-plugin@1.0.0: refused")
	require.Contains(t, stdout, "MAL-1")

	other := s.registry.Publish(npmtest.Package{Name: "other", Version: "1.0.0"})
	code, stdout, _ = s.verify("@example/plugin-a@1.0.0", "-s", "staging", "--integrity", other.Integrity.String())
	require.Equal(t, exitFindings, code, "another tarball")
	require.Contains(t, stdout, "refused")

	code, stdout, _ = s.verify("@example/plugin-a@9.9.9", "-s", "staging")
	require.Equal(t, exitFindings, code, "not there")
	require.Contains(t, stdout, "? ")

	code, stdout, _ = s.verify("@example/plugin-a@1.0.0", "--registry", s.registry.URL.String(), "--host", "host.json")
	require.Equal(t, exitOK, code, "without a stack\n"+stdout)
}

// What cannot be looked at is a refusal; what cannot be judged is an error.
func TestPluginVerifyCannot(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	code, stdout, _ := inHere(t, "", "plugin", "verify", "plugin-a@1.0.0", "-s", "staging", "--advisories", "nowhere")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "that cannot tell: 1")

	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"a range":             {[]string{"plugin-a@^1.0.0", "-s", "staging"}, "is no exact version"},
		"no version":          {[]string{"plugin-a", "-s", "staging"}, "names no version"},
		"no host":             {[]string{"plugin-a@1.0.0"}, "which Backstage is to load it? name a stack with -s"},
		"a host not there":    {[]string{"plugin-a@1.0.0", "--host", "nowhere.json"}, "read the host's manifest: open nowhere.json"},
		"a host that is none": {[]string{"plugin-a@1.0.0", "--host", "Pulumi.yaml"}, "Pulumi.yaml: read the host's manifest"},
		"no stack":            {[]string{"plugin-a@1.0.0", "-s", "other"}, "Pulumi.other.yaml"},
		"SHA-1":               {[]string{"plugin-a@1.0.0", "-s", "staging", "--integrity", "sha1-abc"}, "--integrity: "},
		"a strategy":          {[]string{"plugin-a@1.0.0", "-s", "staging", "--strategy", "static"}, `--strategy: unknown strategy "static"`},
		"an output":           {[]string{"plugin-a@1.0.0", "-s", "staging", "-o", "xml"}, `unknown output "xml"`},
		"a root":              {[]string{"plugin-a@1.0.0", "-s", "staging", "--trusted-root", "Pulumi.yaml"}, "read the trusted root"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := s.verify(c.args...)
			require.Equal(t, exitError, code, stdout)
			require.Empty(t, stdout)
			require.Contains(t, stderr, c.want)
		})
	}
}

// The keys that the stack names count, and a flag's instead.
func TestPluginVerifyTakesTheStacksTrustedRoot(t *testing.T) {
	s := newPluginScene(t, "      trustedRoot: host.json\n")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	s.file("root.json", string(attestation.DefaultRoot()))
	code, stdout, stderr := s.verify("plugin-a@1.0.0", "-s", "staging")
	require.Equal(t, exitError, code, stdout)
	require.Contains(t, stderr, "the trusted root")
	code, stdout, _ = s.verify("plugin-a@1.0.0", "-s", "staging", "--trusted-root", "root.json")
	require.Equal(t, exitOK, code, stdout)
}

func TestPluginList(t *testing.T) {
	newPluginScene(t, "")
	code, stdout, _ := inHere(t, "", "plugin", "list", "-s", "staging")
	require.Equal(t, exitOK, code)
	require.Equal(t, "staging does not manage plugins: portal.plugins.packages is absent\n", stdout)

	newPluginScene(t, "      packages: []\n")
	_, stdout, _ = inHere(t, "", "plugin", "list", "-s", "staging")
	require.Equal(t, "staging has no plugins\n", stdout)

	integrity := "sha512-" + strings.Repeat("A", 86) + "=="
	newPluginScene(t, "      packages:\n        - name: plugin-a\n          version: 1.0.0\n          integrity: "+integrity+"\n          strategy: sidecar\n          appConfig: {a: 1}\n          accept: [{step: signature, id: unsigned, reason: our mirror, expires: \"2099-01-01\"}]\n")
	_, stdout, _ = inHere(t, "", "plugin", "list", "-s", "staging")
	require.Equal(t, "plugin-a@1.0.0\n  sidecar, with app-config\n  accepted until 2099-01-01: unsigned of signature\n    our mirror\n", stdout)
	_, stdout, _ = inHere(t, "", "plugin", "list", "-s", "staging", "-o", "json")
	var list pluginList
	require.NoError(t, json.Unmarshal([]byte(stdout), &list))
	require.True(t, list.Managed)
	require.Equal(t, integrity, list.Packages[0].Integrity)
}

// changing is a command that changes plugins, whose up is a function of the test:
// a real one is the end-to-end test's.
func (s *pluginScene) changing(what string, up func() error, found status.Status) (*pluginChange, *cobra.Command, *bytes.Buffer) {
	s.t.Helper()
	change, err := newPluginChange(&changeFlags{operation: operationFlags{stack: "staging", yes: true, output: "text"}}, what)
	require.NoError(s.t, err)
	change.up = func(*cobra.Command) error { return up() }
	change.look = func(*cobra.Command) (status.Status, error) { return found, nil }
	cmd, out := &cobra.Command{}, &bytes.Buffer{}
	cmd.SetContext(s.t.Context())
	cmd.SetOut(out)
	cmd.SetErr(out)
	return change, cmd, out
}

func validJSON(t *testing.T, schema []byte, text string) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, compiled.Validate(value))
}

func packagesOf(t *testing.T, stack string) []config.Package {
	t.Helper()
	c, err := config.Parse("Pulumi.staging.yaml", []byte(stack))
	require.NoError(t, err)
	return c.Portal.Plugins.Packages
}
