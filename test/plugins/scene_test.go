package plugins

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/internal/toolbox"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/prove/provetest"
	"gatehouse/plugins/status"
	"gatehouse/test/suite"
)

func TestMain(m *testing.M) { os.Exit(suite.Main(m)) }

// scene is staging in a sandbox of its own with plugins that are managed.
type scene struct {
	*suite.Project
	registry *npmtest.Registry
	key      npmtest.Key
	// backstage is the folder of the real one.
	backstage string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{Project: suite.New(t), registry: npmtest.New(t), key: npmtest.NewKey(t)}
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	found, err := toolbox.FindBackstage(repository)
	if err != nil {
		t.Skipf("no real Backstage is installed (make sandbox-backstage): %v", err)
	}
	s.backstage = found
	require.NoError(t, os.Mkdir(filepath.Join(s.Root, "sandbox"), 0o700))
	require.NoError(t, os.Symlink(filepath.Join(repository, "sandbox", "backstage"), filepath.Join(s.Root, "sandbox", "backstage")))
	s.registry.Serve(s.key)
	lock, err := os.ReadFile(filepath.Join(found, "package-lock.json"))
	require.NoError(t, err)
	host, err := gate.HostOfLock(lock, "1.55.0", "22.11.0")
	require.NoError(t, err)
	// What plugins of this suite ask for; all 865 packages would not fit a variable.
	host.Packages = map[string]string{"@backstage/backend-plugin-api": host.Packages["@backstage/backend-plugin-api"]}
	text, err := json.Marshal(host)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.Root, "host.json"), text, 0o600))
	s.configure(t, func(text string) string {
		text = strings.Replace(text, "    plugins:\n      host: sandbox/backstage/host.json\n", "", 1)
		return strings.Replace(text, "\n  gatehouse:portal:\n", fmt.Sprintf(`
  gatehouse:portal:
    plugins: # as the suite has it
      host: host.json
      registry: %s
      advisories: %s
      packages: []
`, strings.TrimSuffix(s.registry.URL.String(), "/"), advisories(t)), 1)
	})
	return s
}

// advisories serves an export with one vulnerability.
func advisories(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.Create("GHSA-1.json")
	require.NoError(t, err)
	_, err = fmt.Fprintf(file, `{"id": "GHSA-1", "modified": %q, "affected": [{"package": {"ecosystem": "npm", "name": "vulnerable"}, "versions": ["1.0.0"]}],
		"database_specific": {"severity": "HIGH"}}`, time.Now().UTC().Format(time.RFC3339))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(b.Bytes()) }))
	t.Cleanup(server.Close)
	return server.URL + "/npm/all.zip"
}

func (s *scene) file() string { return filepath.Join(s.Root, "Pulumi.staging.yaml") }

func (s *scene) content(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(s.file())
	require.NoError(t, err)
	return string(text)
}

func (s *scene) configure(t *testing.T, change func(string) string) {
	t.Helper()
	before := s.content(t)
	after := change(before)
	require.NotEqual(t, before, after)
	require.NoError(t, os.WriteFile(s.file(), []byte(after), 0o600))
}

func (s *scene) publish(name, version string, changes ...provetest.Change) npmtest.Publication {
	return s.registry.Publish(provetest.Package(name, version, changes...))
}

// plugin runs a command about plugins and wants its exit code.
func (s *scene) plugin(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	args = append([]string{"plugin"}, args...)
	args = append(args, "-s", "staging", "--sandbox")
	code, stdout, stderr := s.Run(t, args...)
	require.Equal(t, want, code, "%v\n%s\n%s", args, stdout, stderr)
	return stdout, stderr
}

func (s *scene) status(t *testing.T) status.Status {
	t.Helper()
	_, stdout, stderr := s.Run(t, "plugin", "status", "-s", "staging", "--sandbox", "-o", "json")
	var found status.Status
	require.NoError(t, json.Unmarshal([]byte(stdout), &found), "%s\n%s", stdout, stderr)
	return found
}

func (s *scene) cluster(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.Status(t, "staging").Kubernetes.Kubeconfig)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

// pods are the portal's that run.
func (s *scene) pods(t *testing.T) []corev1.Pod {
	t.Helper()
	list, err := s.cluster(t).CoreV1().Pods("backstage").List(t.Context(), metav1.ListOptions{LabelSelector: "app=backstage"})
	require.NoError(t, err)
	var running []corev1.Pod
	for _, each := range list.Items {
		if each.DeletionTimestamp == nil && each.Status.Phase == corev1.PodRunning {
			running = append(running, each)
		}
	}
	return running
}

// serves asks every pod of the portal which version of a plugin answers; "" is none.
func (s *scene) serves(t *testing.T, name string) string {
	t.Helper()
	versions := map[string]bool{}
	for _, pod := range s.pods(t) {
		versions[ask(t, pod.Status.PodIP, install.BackstagePort, name)] = true
	}
	require.Len(t, versions, 1, "all pods alike")
	for version := range versions {
		return version
	}
	return ""
}

// local is the address of this machine that stands for a pod's.
func local(t *testing.T, ip string, port int) string {
	t.Helper()
	require.True(t, strings.HasPrefix(ip, "100."), ip)
	return fmt.Sprintf("127.%s:%d", ip[len("100."):], port)
}

// ask asks one pod on the port of a Backstage.
func ask(t *testing.T, ip string, port int, name string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+local(t, ip, port)+"/api/"+provetest.ID(name)+"/version", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	if response.StatusCode == http.StatusNotFound {
		return ""
	}
	var answer struct{ Version string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer.Version
}
