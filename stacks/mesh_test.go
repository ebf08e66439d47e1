package stacks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/flows"
	"gatehouse/components/flows/flowtest"
	"gatehouse/components/mesh"
	"gatehouse/components/mesh/meshtest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// TestTheMeshAllowsTheSame: between workloads of the mesh, identities open
// exactly what addresses do.
func TestTheMeshAllowsTheSame(t *testing.T) {
	c := configtest.Production()
	seen := runFences(t, c)
	network, identities := flowtest.Policies(t, seen), meshtest.Policies(t, seen)
	env := Environment{Config: c}
	all := ends(c)
	workloads := map[string]flows.Workload{}
	for _, f := range environmentFlows(env) {
		for _, end := range []flows.Peer{f.From, f.To} {
			if w, ok := end.(flows.Workload); ok && w.Meshed {
				workloads[w.App] = w
			}
		}
	}
	require.Greater(t, len(workloads), 10)
	for from, a := range workloads {
		for to, b := range workloads {
			for _, port := range probed(env) {
				if port.Protocol != flows.ProtocolTCP {
					continue
				}
				open, err := flowtest.Open(network, all[from], all[to], port)
				require.NoError(t, err)
				principal := "cluster.local/ns/" + a.Namespace + "/sa/" + a.ServiceAccount
				allowed, err := meshtest.Allowed(identities, mesh.RootNamespace, principal, b.Namespace, all[to].Labels, port.Number)
				require.NoError(t, err)
				require.Equal(t, open, allowed, "%s → %s %d", from, to, port.Number)
			}
		}
	}
}

// TestExclusionsAreWrittenDown: every way past a sidecar stands in the
// documentation, with its reason.
func TestExclusionsAreWrittenDown(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "network.md"))
	require.NoError(t, err)
	for _, e := range meshExclusions(Environment{Config: configtest.Production()}) {
		ports := "all"
		if len(e.Ports) > 0 {
			ports = strings.Trim(fmt.Sprint(e.Ports), "[]")
		}
		require.Contains(t, string(page), fmt.Sprintf("| %s | %s | %s |", e.Workload.App, ports, e.Why))
	}
}

// TestChartsCarryTheExclusions: the pods of charts have the annotations of
// their exclusions, so that the list and the values cannot part.
func TestChartsCarryTheExclusions(t *testing.T) {
	c := configtest.Production()
	annotations := map[string]any{}
	for _, r := range runAll(t, c).OfType("kubernetes:helm.sh/v3:Release") {
		switch r.Input("chart") {
		case "ingress-nginx":
			annotations["ingress-nginx"] = r.Input("values.controller.podAnnotations")
		case "kube-prometheus-stack":
			annotations["prometheus"] = r.Input("values.prometheus.prometheusSpec.podMetadata.annotations")
			annotations["alertmanager"] = r.Input("values.alertmanager.alertmanagerSpec.podMetadata.annotations")
		}
	}
	exclusions := meshExclusions(Environment{Config: c})
	require.Len(t, annotations, len(exclusions))
	for _, e := range exclusions {
		for key, value := range e.Annotations() {
			require.Contains(t, annotations, e.Workload.App)
			require.Equal(t, value, annotations[e.Workload.App].(map[string]any)[key], "%s: %s", e.Workload.App, key)
		}
	}
}

func TestNoMeshLeavesNothingOfItBehind(t *testing.T) {
	c := configtest.Staging()
	c.Platform.Mesh.Enabled = false
	seen := runFences(t, c)
	for _, r := range seen {
		require.NotContains(t, r.Type, "istio.io", r.Name)
		require.NotContains(t, r.Type, "helm.sh", r.Name)
	}
	for _, namespace := range seen.OfType("kubernetes:core/v1:Namespace") {
		require.Nil(t, namespace.Input(`metadata.labels["istio-injection"]`), namespace.Name)
	}
}

// TestQuotasCountTheSidecarThatPodsGet: the configuration refuses workloads
// that do not fit their quota, and reckons with this sidecar.
func TestQuotasCountTheSidecarThatPodsGet(t *testing.T) {
	seen := runFences(t, configtest.Staging())
	proxy := seen.Named(t, "kubernetes:helm.sh/v3:Release", "gatehouse-test-mesh-istiod").Input("values.global.proxy.resources")
	require.Equal(t, map[string]any{
		"requests": map[string]any{"cpu": string(config.SidecarCPU), "memory": string(config.SidecarMemory)},
		"limits":   map[string]any{"cpu": string(config.SidecarCPULimit), "memory": string(config.SidecarMemoryLimit)},
	}, proxy)
}
