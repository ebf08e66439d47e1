package kubernetes

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
)

// kubeconfigFor is a kubeconfig of the sandbox's form that leads to server.
func kubeconfigFor(server string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: gatehouse-sandbox
clusters: [{name: gatehouse-sandbox, cluster: {server: %q}}]
contexts: [{name: gatehouse-sandbox, context: {cluster: gatehouse-sandbox, user: admin}}]
users: [{name: admin, user: {token: fake}}]
`, server)
}

// TestNeverLeavesThisMachine tries to make the provider talk to a real cluster.
func TestNeverLeavesThisMachine(t *testing.T) {
	const good = "https://127.0.0.1:6443"
	for name, kubeconfig := range map[string]string{
		"a real cluster":         kubeconfigFor("https://ABCDEF.gr7.us-west-2.eks.amazonaws.com"),
		"an address":             kubeconfigFor("https://10.0.0.1:6443"),
		"any address":            kubeconfigFor("https://0.0.0.0:6443"),
		"a name like loopback":   kubeconfigFor("https://127.0.0.1.evil.com:6443"),
		"a name like localhost":  kubeconfigFor("https://localhost.evil.com"),
		"loopback as a user":     kubeconfigFor("https://127.0.0.1@evil.com"),
		"a user on loopback":     kubeconfigFor("https://me:secret@127.0.0.1:6443"),
		"a number for an IP":     kubeconfigFor("https://2130706433"),
		"metadata service":       kubeconfigFor("https://[::ffff:169.254.169.254]"),
		"plain http":             kubeconfigFor("http://127.0.0.1:6443"),
		"no scheme":              kubeconfigFor("127.0.0.1:6443"),
		"no server":              kubeconfigFor(""),
		"in-cluster":             "",
		"a proxy":                strings.Replace(kubeconfigFor(good), "server:", "proxy-url: http://evil.com, server:", 1),
		"a program":              strings.Replace(kubeconfigFor(good), "token: fake", "exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}", 1),
		"an auth provider":       strings.Replace(kubeconfigFor(good), "token: fake", "auth-provider: {name: oidc}", 1),
		"a tunnel to production": strings.ReplaceAll(kubeconfigFor(good), "gatehouse-sandbox", "production"),
		"no such context":        strings.Replace(kubeconfigFor(good), "current-context: gatehouse-sandbox", "current-context: other", 1),
		"no such file":           "/does/not/exist",
		"not a kubeconfig":       "apiVersion: [",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
			t.Setenv("KUBERNETES_SERVICE_PORT", "443")
			inputs := props(map[string]any{"kubeconfig": kubeconfig})
			p := New("4.30.0")
			_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: inputs})
			require.Error(t, err)
			require.NotContains(t, err.Error(), "secret")
			checked, err := p.CheckConfig(t.Context(), plugin.CheckConfigRequest{News: inputs})
			require.NoError(t, err)
			require.NotEmpty(t, checked.Failures, "it is refused before anything is planned")
		})
	}

	for _, server := range []string{good, "https://localhost:6443", "https://[::1]:6443", "https://127.8.8.8:6443"} {
		_, err := New("4.30.0").Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{"kubeconfig": kubeconfigFor(server)})})
		require.NoError(t, err, server)
	}
}

func TestIgnoresTheUsersDefaultContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(path, []byte(kubeconfigFor("https://127.0.0.1:6443")), 0o600))
	t.Setenv("KUBECONFIG", path)
	t.Setenv("HOME", filepath.Dir(path))
	_, err := New("4.30.0").Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{})})
	require.ErrorContains(t, err, "needs a kubeconfig")
	_, err = New("4.30.0").Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{"kubeconfig": path})})
	require.NoError(t, err, "a path that is given is read")
}

// TestDialsLoopbackOnly plays a server on loopback that sends the client away.
func TestDialsLoopbackOnly(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://192.0.2.1/", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	t.Setenv("HTTPS_PROXY", "http://192.0.2.2:3128")
	kubeconfig := strings.Replace(kubeconfigFor(server.URL), "server:", "insecure-skip-tls-verify: true, server:", 1)
	config, _, err := restConfig(settings{kubeconfig: kubeconfig})
	require.NoError(t, err)
	client, err := rest.HTTPClientFor(config)
	require.NoError(t, err)
	response, err := client.Get(server.URL)
	if err == nil {
		_ = response.Body.Close()
	}
	require.ErrorContains(t, err, "refuse to dial 192.0.2.1:443")
}

func TestProviderInputs(t *testing.T) {
	good := kubeconfigFor("https://127.0.0.1:6443")
	for name, c := range map[string]struct {
		inputs map[string]any
		fails  resource.PropertyKey // empty: none
	}{
		"known":                {map[string]any{"kubeconfig": good, "namespace": "x", "enablePatchForce": "true", "clusterIdentifier": "c"}, ""},
		"the engine's":         {map[string]any{"kubeconfig": good, "version": "4.30.0", "__internal": map[string]any{}}, ""},
		"unknown name":         {map[string]any{"kubeconfig": good, "namespaces": "x"}, "namespaces"},
		"wrong type":           {map[string]any{"kubeconfig": good, "enablePatchForce": "perhaps"}, "enablePatchForce"},
		"client-side apply":    {map[string]any{"kubeconfig": good, "enableServerSideApply": "false"}, "enableServerSideApply"},
		"no kubeconfig":        {map[string]any{"namespace": "x"}, "kubeconfig"},
		"kubeconfig not known": {map[string]any{"kubeconfig": resource.Computed{Element: resource.NewProperty("")}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			checked, err := New("4.30.0").CheckConfig(t.Context(), plugin.CheckConfigRequest{News: props(c.inputs)})
			require.NoError(t, err)
			if c.fails == "" {
				require.Empty(t, checked.Failures)
				return
			}
			require.Len(t, checked.Failures, 1)
			require.Equal(t, c.fails, checked.Failures[0].Property)
		})
	}
}

func TestProviderIsReplacedByItsClusterIdentifierAlone(t *testing.T) {
	old := map[string]any{"kubeconfig": "a", "clusterIdentifier": "one"}
	for name, c := range map[string]struct {
		new     map[string]any
		changes plugin.DiffChanges
		replace bool
	}{
		"nothing":    {old, plugin.DiffNone, false},
		"address":    {map[string]any{"kubeconfig": "b", "clusterIdentifier": "one"}, plugin.DiffSome, false},
		"identifier": {map[string]any{"kubeconfig": "a", "clusterIdentifier": "two"}, plugin.DiffSome, true},
	} {
		t.Run(name, func(t *testing.T) {
			diff, err := New("4.30.0").DiffConfig(t.Context(), plugin.DiffConfigRequest{OldInputs: props(old), NewInputs: props(c.new)})
			require.NoError(t, err)
			require.Equal(t, c.changes, diff.Changes)
			require.Equal(t, c.replace, diff.Replace())
		})
	}
}

// TestPreviewWithoutServer is the first preview of an environment: the cluster
// is only planned.
func TestPreviewWithoutServer(t *testing.T) {
	p := New("4.30.0")
	_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{
		"kubeconfig": resource.Computed{Element: resource.NewProperty("")},
	})})
	require.NoError(t, err)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	_, err = web.tryCreate(deployment("planned"), true)
	require.NoError(t, err)
	_, err = web.tryCreate(deployment("planned"), false)
	require.ErrorIs(t, err, errNotConnected)
}

func TestServerThatIsNotThere(t *testing.T) {
	p := New("4.30.0")
	_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{"kubeconfig": kubeconfigFor("https://127.0.0.1:1")})})
	require.NoError(t, err)
	began := time.Now()
	_, err = resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web").tryCreate(deployment("x"), true)
	require.ErrorContains(t, err, "gatehouse sandbox up")
	require.Less(t, time.Since(began), callTimeout)
}

// TestServerThatStalls takes requests and never answers them.
func TestServerThatStalls(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	p := New("4.30.0")
	kubeconfig := strings.Replace(kubeconfigFor(server.URL), "server:", "insecure-skip-tls-verify: true, server:", 1)
	_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(map[string]any{
		"kubeconfig": kubeconfig, "kubeClientSettings": `{"timeout": 1}`,
	})})
	require.NoError(t, err)
	_, err = resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web").tryCreate(deployment("x"), true)
	require.ErrorContains(t, err, "did not answer in 1s")
}
