package stacks

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

func runMaintenance(t *testing.T, c config.Config) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		_, err = deployMaintenance(ctx, env, namespacesOf())
		return err
	})
}

// namespacesOf stands for the namespaces that the platform makes.
func namespacesOf() map[string]pulumi.StringOutput {
	namespaces := map[string]pulumi.StringOutput{}
	for _, s := range spaces() {
		namespaces[s.Namespace] = pulumi.String(s.Namespace).ToStringOutput()
	}
	return namespaces
}

func TestMaintenancePageAlwaysRunsAndStandsOutsideTheMesh(t *testing.T) {
	seen := runMaintenance(t, configtest.Production())
	page := seen.One(t, deploymentType)
	requireWhole(t, page)
	require.Equal(t, "maintenance", page.Input("metadata.name"))
	require.InDelta(t, 2, page.Input("spec.replicas"), 0)
	require.Equal(t, "maintenance", page.Input("spec.template.metadata.labels.app"))
	require.Equal(t, "false", page.Input(`spec.template.metadata.labels["sidecar.istio.io/inject"]`))
	require.Equal(t, "maintenance", seen.One(t, "kubernetes:core/v1:Service").Input("metadata.name"))
}

// TestMaintenancePage asks a real nginx for the page.
func TestMaintenancePage(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs nginx; run make test")
	}
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed: apt-get install nginx-light")
	}
	const message = `Back at "noon" <script>alert(1)</script>`
	at := serve(t, nginx, message)
	for name, c := range map[string]struct {
		path   string
		header map[string]string
		status int
		kind   string
		says   string
	}{
		"a viewer":           {"/catalog", map[string]string{"X-Code": "403"}, 503, "text/html", "Back at &#34;noon&#34; &lt;script&gt;"},
		"a browser":          {"/", map[string]string{"X-Code": "403", "X-Format": "text/html,*/*"}, 503, "text/html", "<h1>Maintenance</h1>"},
		"a program":          {"/v1/plugins", map[string]string{"X-Code": "403", "X-Format": "application/json"}, 503, "application/json", ""},
		"an unknown host":    {"/", nil, 404, "text/plain", "nothing here"},
		"another error":      {"/", map[string]string{"X-Code": "404"}, 404, "text/plain", "nothing here"},
		"the probe":          {"/healthz", nil, 200, "text/plain", "ok"},
		"the configuration":  {"/default.conf", nil, 404, "text/plain", "nothing here"},
		"the page by itself": {"/maintenance.html", nil, 404, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at+c.path, nil)
			require.NoError(t, err)
			for key, value := range c.header {
				request.Header.Set(key, value)
			}
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, response.StatusCode, "%s", body)
			require.Contains(t, response.Header.Get("Content-Type"), c.kind)
			require.Contains(t, string(body), c.says)
			if c.status == http.StatusServiceUnavailable {
				require.Equal(t, "300", response.Header.Get("Retry-After"))
				require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
			}
			if c.kind == "application/json" {
				var object map[string]string
				require.NoError(t, json.Unmarshal(body, &object))
				require.Equal(t, message, object["message"])
			}
		})
	}
}

// serve runs nginx with the page's files until the test ends.
func serve(t *testing.T, nginx, message string) (url string) {
	t.Helper()
	dir := t.TempDir()
	files, err := maintenanceFiles(message)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	for name, text := range files {
		text = strings.NewReplacer("/etc/nginx/conf.d", dir, "listen 8080", "listen "+address).Replace(text)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	// As the image's own: everything that nginx writes is below /tmp.
	var temporary strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temporary, "%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	main := fmt.Sprintf("daemon off; master_process off; pid %s/pid; error_log stderr;\nevents {}\nhttp {\n%sinclude %s/default.conf;\n}\n", dir, &temporary, dir)
	path := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(path, []byte(main), 0o644))
	cmd := exec.Command(nginx, "-p", dir, "-c", path)
	var log strings.Builder
	cmd.Stderr = &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	require.Eventually(t, func() bool {
		response, err := http.Get("http://" + address + "/healthz")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 10*time.Second, 20*time.Millisecond, "nginx does not answer")
	return "http://" + address
}
