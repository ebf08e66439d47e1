package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gruntwork-io/terratest/modules/k8s"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"gatehouse/test/suite"
)

// requireJudged has promtool and amtool judge the rules and the Alertmanager
// configuration that the cluster really holds.
func requireJudged(t *testing.T, p *suite.Project, stack string) {
	t.Helper()
	dir := t.TempDir()
	config, err := clientcmd.BuildConfigFromFlags("", p.Status(t, stack).Kubernetes.Kubeconfig)
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	rules, err := client.Resource(schema.GroupVersionResource{
		Group: "monitoring.coreos.com", Version: "v1", Resource: "prometheusrules",
	}).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, rules.Items)
	check := []string{"check", "rules", "--lint=all", "--lint-fatal"}
	for _, rule := range rules.Items {
		text, err := yaml.Marshal(rule.Object["spec"])
		require.NoError(t, err)
		path := filepath.Join(dir, rule.GetName()+".yaml")
		require.NoError(t, os.WriteFile(path, text, 0o600))
		check = append(check, path)
	}
	tool(t, p, "promtool", check...)

	held := k8s.GetSecret(t, p.Kubectl(t, stack, "monitoring"), "alertmanager-config")
	path := filepath.Join(dir, "alertmanager.yaml")
	require.NoError(t, os.WriteFile(path, held.Data["alertmanager.yaml"], 0o600))
	tool(t, p, "amtool", "check-config", path)
	routed := tool(t, p, "amtool", "config", "routes", "test", "--config.file="+path, "severity=critical", "alertname=PortalDown")
	require.Equal(t, "critical-alerts", strings.TrimSpace(routed))
}

// tool runs a built tool, which must succeed, and returns what it printed.
func tool(t *testing.T, p *suite.Project, name string, args ...string) string {
	t.Helper()
	code, path, stderr := p.Run(t, "tools", "path", name)
	require.Equal(t, 0, code, stderr)
	out, err := exec.CommandContext(t.Context(), strings.TrimSpace(path), args...).CombinedOutput()
	require.NoError(t, err, "%s %v\n%s", name, args, out)
	return string(out)
}
