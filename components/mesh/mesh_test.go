package mesh_test

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/mesh"
	"gatehouse/components/mesh/meshtest"
	"gatehouse/components/release"
)

const (
	releaseType       = "kubernetes:helm.sh/v3:Release"
	authorizationType = "kubernetes:security.istio.io/v1:AuthorizationPolicy"
)

var (
	web    = flows.Workload{App: "web", Namespace: "shop", Labels: map[string]string{"app": "web"}, ServiceAccount: "web", Meshed: true}
	store  = flows.Workload{App: "store", Namespace: "data", Labels: map[string]string{"app": "store"}, ServiceAccount: "store", Meshed: true}
	plain  = flows.Workload{App: "plain", Namespace: "other", Labels: map[string]string{"app": "plain"}, ServiceAccount: "plain"}
	abroad = flows.Addresses{Title: "internet", Ranges: []flows.Range{{CIDR: netip.MustParsePrefix("0.0.0.0/0")}}}
)

func orders() flows.Flow {
	return flows.Flow{From: web, To: store, Ports: flows.TCP(5432, 9000), Why: "orders"}
}

func run(exclusions []mesh.Exclusion, list ...flows.Flow) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := mesh.New(ctx, "m", mesh.Args{
			Root: pulumi.String("mesh"), PriorityClass: "critical",
			Sidecars: map[string]pulumi.StringOutput{
				"shop": pulumi.String("shop").ToStringOutput(), "data": pulumi.String("data").ToStringOutput(),
			},
			Flows: list, Exclusions: exclusions,
			Proxy: release.Resources{
				Requests: release.Quantities{CPU: "1m", Memory: "1Mi"}, Limits: release.Quantities{CPU: "2m", Memory: "2Mi"},
			},
			Labels: map[string]string{"gatehouse/owner": "platform"},
		})
		return err
	})
}

func TestAllTrafficIsMutualTLSAndDenied(t *testing.T) {
	seen, err := run(nil)
	require.NoError(t, err)
	strict := seen.One(t, "kubernetes:security.istio.io/v1:PeerAuthentication")
	require.Equal(t, map[string]any{
		"name": "default", "namespace": "mesh", "labels": map[string]any{"gatehouse/owner": "platform"},
	}, strict.Input("metadata"))
	require.Equal(t, map[string]any{"mtls": map[string]any{"mode": "STRICT"}}, strict.Input("spec"))

	deny := seen.One(t, authorizationType)
	require.Equal(t, "mesh", deny.Input("metadata.namespace"))
	require.Equal(t, map[string]any{}, deny.Input("spec"), "without rules, nothing is allowed")
	require.Contains(t, deny.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Mesh$"+releaseType+"::m-istiod")
}

func TestAFlowIsAllowedByIdentityAndPort(t *testing.T) {
	seen, err := run(nil, orders())
	require.NoError(t, err)
	allow := seen.Named(t, authorizationType, "m-web-to-store")
	require.Equal(t, "web-to-store", allow.Input("metadata.name"))
	require.Equal(t, "data", allow.Input("metadata.namespace"))
	require.Equal(t, "orders", allow.Input(`metadata.annotations["gatehouse/why"]`))
	require.Equal(t, map[string]any{
		"selector": map[string]any{"matchLabels": map[string]any{"app": "store"}},
		"action":   "ALLOW",
		"rules": []any{map[string]any{
			"from": []any{map[string]any{"source": map[string]any{"principals": []any{"cluster.local/ns/shop/sa/web"}}}},
			"to":   []any{map[string]any{"operation": map[string]any{"ports": []any{"5432", "9000"}}}},
		}},
	}, allow.Input("spec"))
}

func TestNothingElseIsAllowed(t *testing.T) {
	seen, err := run(nil, orders())
	require.NoError(t, err)
	policies := meshtest.Policies(t, seen)
	for _, c := range []struct {
		from, to flows.Workload
		port     int
		want     bool
	}{
		{web, store, 5432, true},
		{web, store, 9000, true},
		{web, store, 5433, false},
		{store, store, 5432, false},
		{store, web, 5432, false},
		{web, web, 80, false},
	} {
		principal := "cluster.local/ns/" + c.from.Namespace + "/sa/" + c.from.ServiceAccount
		allowed, err := meshtest.Allowed(policies, mesh.RootNamespace, principal, c.to.Namespace, c.to.Labels, c.port)
		require.NoError(t, err)
		require.Equal(t, c.want, allowed, "%s → %s %d", c.from.App, c.to.App, c.port)
	}
}

func TestFlowsOutOfTheMeshNeedNoPolicy(t *testing.T) {
	seen, err := run(nil,
		flows.Flow{From: web, To: abroad, Ports: flows.TCP(443), Why: "sign-in"},
		flows.Flow{From: web, To: plain, Ports: flows.TCP(80), Why: "pages"},
		flows.Flow{From: web, To: store, Ports: flows.UDP(9094), Why: "gossip"},
	)
	require.NoError(t, err)
	require.Len(t, seen.OfType(authorizationType), 1, "the one that denies")
}

func TestWhoHasNoIdentityNeedsAnExclusionThatSaysWhy(t *testing.T) {
	callback := flows.Flow{From: abroad, To: web, Ports: flows.TCP(80, 443), Why: "viewers"}
	_, err := run(nil, callback)
	require.ErrorContains(t, err, "flow internet-to-web: internet has no identity in the mesh; exclude port 80 of web and say why")
	_, err = run([]mesh.Exclusion{{Workload: web, Ports: []int{80}, Why: "viewers"}}, callback)
	require.ErrorContains(t, err, "exclude port 443 of web")
	_, err = run([]mesh.Exclusion{{Workload: store, Why: "viewers"}}, callback)
	require.ErrorContains(t, err, "exclude port 80 of web")
	_, err = run(nil, flows.Flow{From: plain, To: web, Ports: flows.TCP(80), Why: "pages"})
	require.ErrorContains(t, err, "plain has no identity in the mesh")
	for _, ports := range [][]int{nil, {80, 443}} {
		_, err = run([]mesh.Exclusion{{Workload: web, Ports: ports, Why: "viewers"}}, callback)
		require.NoError(t, err)
	}

	_, err = run([]mesh.Exclusion{{Workload: web}})
	require.ErrorContains(t, err, "exclude ports of web: say why")
	_, err = run([]mesh.Exclusion{{Workload: plain, Why: "viewers"}})
	require.ErrorContains(t, err, "exclude ports of plain: it has no sidecar")

	stray := store
	stray.Namespace = "other"
	_, err = run(nil, flows.Flow{From: web, To: stray, Ports: flows.TCP(80), Why: "pages"})
	require.ErrorContains(t, err, "flow web-to-store: namespace other has no sidecars")
}

func TestExclusionsAreToldToThePods(t *testing.T) {
	some := mesh.Exclusion{Workload: web, Ports: []int{80, 8443}, Why: "viewers"}
	require.Equal(t, map[string]string{"traffic.sidecar.istio.io/excludeInboundPorts": "80,8443"}, some.Annotations())
	require.Empty(t, some.Labels())
	all := mesh.Exclusion{Workload: web, Why: "viewers"}
	require.Equal(t, map[string]string{"traffic.sidecar.istio.io/includeInboundPorts": ""}, all.Annotations())
	require.Equal(t, map[string]string{"security.istio.io/tlsMode": "disabled"}, all.Labels())
}

func TestSidecarsKnowWhereTheirFlowsLead(t *testing.T) {
	seen, err := run(nil, orders(), flows.Flow{From: web, To: plain, Ports: flows.TCP(80), Why: "pages"})
	require.NoError(t, err)
	const sidecarType = "kubernetes:networking.istio.io/v1:Sidecar"
	require.Equal(t, []any{"./*", "data/*", "mesh/*", "other/*"}, seen.Named(t, sidecarType, "m-scope-shop").Input("spec.egress[0].hosts"))
	require.Equal(t, []any{"./*", "mesh/*"}, seen.Named(t, sidecarType, "m-scope-data").Input("spec.egress[0].hosts"))
}

func TestControlPlaneComesInOrderAndIsRestricted(t *testing.T) {
	seen, err := run(nil)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"m-base", "m-istiod", "m-cni"}, seen.OfType(releaseType).Names())
	istiod, cni := seen.Named(t, releaseType, "m-istiod"), seen.Named(t, releaseType, "m-cni")
	urn := "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Mesh$" + releaseType + "::"
	require.Contains(t, istiod.Dependencies, urn+"m-base")
	require.Contains(t, cni.Dependencies, urn+"m-istiod")
	require.Equal(t, "kube-system", cni.Input("namespace"))
	for path, want := range map[string]any{
		"autoscaleMin": 2.0, "cni.enabled": true, "seccompProfile.type": "RuntimeDefault",
		"global.proxy.seccompProfile.type": "RuntimeDefault", "global.istioNamespace": "mesh",
		"global.priorityClassName": "critical", "global.defaultPodDisruptionBudget.enabled": true,
		"meshConfig.rootNamespace": "mesh", "meshConfig.outboundTrafficPolicy.mode": "ALLOW_ANY",
		"meshConfig.enablePrometheusMerge": false, "env.ENABLE_NATIVE_SIDECARS": "true",
		"global.proxy.resources.limits.memory": "2Mi",
	} {
		require.Equal(t, want, istiod.Input("values."+path), path)
	}
	for _, values := range []any{istiod.Input("values.resources"), istiod.Input("values.global.proxy.resources"), cni.Input("values.resources")} {
		for _, part := range []string{"requests", "limits"} {
			amounts := values.(map[string]any)[part].(map[string]any)
			require.NotEmpty(t, amounts["cpu"])
			require.NotEmpty(t, amounts["memory"])
		}
	}
}
