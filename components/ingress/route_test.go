package ingress_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/ingress"
	"gatehouse/components/release/releasetest"
)

const (
	ingressType  = "kubernetes:networking.k8s.io/v1:Ingress"
	affinityType = "kubernetes:networking.istio.io/v1:DestinationRule"
)

func sockets() ingress.Route {
	return ingress.Route{
		Name: "websocket", Namespace: pulumi.String("developer-portal"), Labels: map[string]string{"gatehouse/owner": "platform"},
		Host: "portal.example.com", Path: "/socket.io", Service: "websocket", Port: 4403,
		Limits: ingress.Limits{RequestsPerSecond: 20, BurstMultiplier: 2, Connections: 50}, BodyLimitMiB: 10,
		IdleSeconds: 3600, StickyCookie: "gatehouse-websocket", Meshed: true,
	}
}

func lead(t *testing.T, r ingress.Route) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error { return ingress.NewRoute(ctx, "r", r) })
}

// annotations are those of the one Ingress, by their short names.
func annotations(t *testing.T, seen componenttest.Registrations) map[string]any {
	t.Helper()
	short := map[string]any{}
	for name, value := range seen.One(t, ingressType).Input("metadata.annotations").(map[string]any) {
		short[strings.TrimPrefix(name, "nginx.ingress.kubernetes.io/")] = value
	}
	return short
}

func TestRouteLeadsToItsService(t *testing.T) {
	seen := lead(t, sockets())
	made := seen.One(t, ingressType)
	require.Equal(t, map[string]any{
		"ingressClassName": "nginx",
		"tls":              []any{map[string]any{"hosts": []any{"portal.example.com"}}},
		"rules": []any{map[string]any{"host": "portal.example.com", "http": map[string]any{"paths": []any{map[string]any{
			"path": "/socket.io", "pathType": "Prefix",
			"backend": map[string]any{"service": map[string]any{"name": "websocket", "port": map[string]any{"number": 4403.0}}},
		}}}}},
	}, made.Input("spec"))
	require.Equal(t, map[string]any{
		"force-ssl-redirect": "true", "limit-rps": "20", "limit-burst-multiplier": "2", "limit-connections": "50",
		"proxy-body-size": "10m", "proxy-read-timeout": "3600", "proxy-send-timeout": "3600",
		"service-upstream": "true", "upstream-vhost": "websocket.developer-portal.svc.cluster.local",
	}, annotations(t, seen))
}

func TestAClientStaysWithItsPod(t *testing.T) {
	// In the mesh the sidecar chooses: nginx sees one address.
	rule := lead(t, sockets()).One(t, affinityType)
	require.Equal(t, map[string]any{
		"host": "websocket.developer-portal.svc.cluster.local",
		"trafficPolicy": map[string]any{"loadBalancer": map[string]any{"consistentHash": map[string]any{
			"httpCookie": map[string]any{"name": "gatehouse-websocket", "path": "/socket.io", "ttl": "0s"},
		}}},
	}, rule.Input("spec"))

	outside := sockets()
	outside.Meshed = false
	seen := lead(t, outside)
	require.Empty(t, seen.OfType(affinityType))
	found := annotations(t, seen)
	require.Equal(t, "cookie", found["affinity"])
	require.Equal(t, "gatehouse-websocket", found["session-cookie-name"])
	require.NotContains(t, found, "service-upstream")
}

func TestCORSIsForNamedOriginsOnly(t *testing.T) {
	require.NotContains(t, annotations(t, lead(t, sockets())), "enable-cors")
	r := sockets()
	r.Origins = []string{"https://portal.example.com"}
	found := annotations(t, lead(t, r))
	require.Equal(t, "true", found["enable-cors"])
	require.Equal(t, "https://portal.example.com", found["cors-allow-origin"])
}

func TestAClosedRouteTurnsAwayAllButAFew(t *testing.T) {
	r := sockets()
	require.NotContains(t, annotations(t, lead(t, r)), "custom-http-errors")

	r.Closed = &ingress.Closed{}
	found := annotations(t, lead(t, r))
	require.Equal(t, "403", found["custom-http-errors"])
	require.Equal(t, "0.0.0.0/0,::/0", found["denylist-source-range"])
	require.NotContains(t, found, "whitelist-source-range")

	r.Closed = &ingress.Closed{Allowed: []string{"203.0.113.0/24", "198.51.100.7/32"}}
	found = annotations(t, lead(t, r))
	require.Equal(t, "203.0.113.0/24,198.51.100.7/32", found["whitelist-source-range"])
	require.NotContains(t, found, "denylist-source-range")
}

// ingress-nginx refuses other values with strict-validate-path-type, and an
// annotation whose value could hold nginx configuration.
func TestValuesAreWhatTheControllerTakes(t *testing.T) {
	r := sockets()
	r.Origins = []string{"https://portal.example.com"}
	r.Rewrite = "/.backstage/health/v1/readiness"
	seen := lead(t, r)
	require.Regexp(t, `^/[A-Za-z0-9._\-/]*$`, seen.One(t, ingressType).Input("spec.rules[0].http.paths[0].path"))
	for name, value := range annotations(t, seen) {
		require.NotRegexp(t, regexp.MustCompile("[{};\n]"), value, name)
		require.NotContains(t, name, "snippet")
	}
}

func TestServerAcceptsRoutes(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	releasetest.DryRun(t, releasetest.Objects(t, lead(t, sockets())))
}
