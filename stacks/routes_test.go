package stacks

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/certificates"
	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	releaseType = "kubernetes:helm.sh/v3:Release"
	ingressType = "kubernetes:networking.k8s.io/v1:Ingress"
	nginxRules  = `metadata.annotations["nginx.ingress.kubernetes.io/`
)

// runIngress makes the way in and the routes on stand-ins for what earlier
// layers return.
func runIngress(t *testing.T, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	cluster := ClusterOutputs{Name: text("the-cluster"), Roles: map[string]pulumi.StringOutput{}}
	for _, role := range []string{"cert-manager", "external-dns", "load-balancer-controller", "autoscaler"} {
		cluster.Roles[role] = text("arn:role/" + role)
	}
	edge := EdgeOutputs{ZoneID: text("Z1"), OriginDomain: "origin." + string(c.Edge.Domain)}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		namespaces := namespacesOf()
		certs, err := deployCertificates(ctx, env, edge, cluster, namespaces)
		if err != nil {
			return err
		}
		page, err := deployMaintenance(ctx, env, namespaces)
		if err != nil {
			return err
		}
		after, err := deployIngress(ctx, env, NetworkOutputs{VPCID: text("vpc")}, edge, cluster, namespaces, certs, page)
		if err != nil {
			return err
		}
		if err := deployScaling(ctx, env, cluster); err != nil {
			return err
		}
		return deployRoutes(ctx, env, namespaces, after)
	})
}

// leads is where the routes lead, by host and path.
func leads(seen componenttest.Registrations) map[string]string {
	found := map[string]string{}
	for _, route := range seen.OfType(ingressType) {
		path := route.Input("spec.rules[0].http.paths[0]").(map[string]any)
		service := path["backend"].(map[string]any)["service"].(map[string]any)
		found[route.Input("spec.rules[0].host").(string)+path["path"].(string)] = route.Input("metadata.namespace").(string) + "/" + service["name"].(string)
	}
	return found
}

func TestRoutesLeadToTheWorkloads(t *testing.T) {
	seen := runIngress(t, configtest.Production())
	require.Equal(t, map[string]string{
		"portal.example.com/":                "developer-portal/portal-frontend",
		"portal.example.com/api/health":      "developer-portal/portal-frontend",
		"portal.example.com/socket.io":       "developer-portal/websocket",
		"api.portal.example.com/":            "backstage/backstage-backend",
		"api.portal.example.com/healthcheck": "backstage/backstage-backend",
	}, leads(seen))
	for _, route := range seen.OfType(ingressType) {
		require.Equal(t, "true", route.Input(nginxRules+`force-ssl-redirect"]`))
		require.Equal(t, "20", route.Input(nginxRules+`limit-rps"]`))
		require.Equal(t, "10m", route.Input(nginxRules+`proxy-body-size"]`))
		require.Equal(t, "true", route.Input(nginxRules+`service-upstream"]`))
		require.Contains(t, strings.Join(route.Dependencies, " ")+" ", releaseType+"::gatehouse-test-ingress ", "the webhook judges it")
	}
	health := seen.Named(t, ingressType, "gatehouse-test-route-backstage-health")
	require.Equal(t, "/.backstage/health/v1/readiness", health.Input(nginxRules+`rewrite-target"]`))
}

// The switch turns viewers away on every route but those that health checks
// ask, and leads nowhere else: nothing is deployed or deleted.
func TestMaintenanceSwitch(t *testing.T) {
	c := configtest.Production()
	open := runIngress(t, c)
	for _, route := range open.OfType(ingressType) {
		require.Nil(t, route.Input(nginxRules+`custom-http-errors"]`), route.Name)
	}
	c.Portal.Maintenance.Enabled = true
	c.Portal.Maintenance.AllowedCIDRs = []config.CIDR{{Prefix: netip.MustParsePrefix("203.0.113.0/24")}}
	shut := runIngress(t, c)
	require.Equal(t, leads(open), leads(shut))
	require.ElementsMatch(t, open.Names(), shut.Names())
	for _, route := range shut.OfType(ingressType) {
		if strings.HasSuffix(route.Name, "-health") {
			require.Nil(t, route.Input(nginxRules+`custom-http-errors"]`), route.Name)
			continue
		}
		require.Equal(t, "403", route.Input(nginxRules+`custom-http-errors"]`), route.Name)
		require.Equal(t, "203.0.113.0/24", route.Input(nginxRules+`whitelist-source-range"]`), route.Name)
	}
	c.Portal.Maintenance.AllowedCIDRs = nil
	nobody := runIngress(t, c).Named(t, ingressType, "gatehouse-test-route-portal-frontend")
	require.Equal(t, "0.0.0.0/0,::/0", nobody.Input(nginxRules+`denylist-source-range"]`))
}

func TestWithoutAMeshNginxChoosesThePod(t *testing.T) {
	c := configtest.Staging()
	c.Platform.Mesh.Enabled = false
	seen := runIngress(t, c)
	require.Empty(t, seen.OfType("kubernetes:networking.istio.io/v1:DestinationRule"))
	sockets := seen.Named(t, ingressType, "gatehouse-test-route-websocket")
	require.Equal(t, "cookie", sockets.Input(nginxRules+`affinity"]`))
	require.Nil(t, sockets.Input(nginxRules+`service-upstream"]`))
}

// What a destroy must not leave behind goes before its controller.
func TestIngressOrder(t *testing.T) {
	controller := runIngress(t, configtest.Production()).Named(t, releaseType, "gatehouse-test-ingress")
	waits := strings.Join(controller.Dependencies, " ") + " "
	for _, name := range []string{
		"Release::gatehouse-test-load-balancers ", "Release::gatehouse-test-external-dns ",
		"Certificate::gatehouse-test-portal-certificate ", "Deployment::gatehouse-test-maintenance ", "Service::gatehouse-test-maintenance ",
	} {
		require.Contains(t, waits, name)
	}
	require.Equal(t, "developer-portal/maintenance", controller.Input(`values.controller.extraArgs["default-backend-service"]`))
	require.Equal(t, "ingress/portal-tls", controller.Input(`values.controller.extraArgs["default-ssl-certificate"]`))
}

func TestCertificateHasEveryHost(t *testing.T) {
	c := configtest.Staging()
	c.Platform.Certificates.Issuer = config.LetsEncryptStaging
	made := runIngress(t, c).One(t, "kubernetes:cert-manager.io/v1:Certificate")
	require.Equal(t, []any{"portal.staging.example.com", "api.portal.staging.example.com", "origin.portal.staging.example.com"}, made.Input("spec.dnsNames"))
	require.Equal(t, string(certificates.LetsEncryptStaging), made.Input("spec.issuerRef.name"))
}
