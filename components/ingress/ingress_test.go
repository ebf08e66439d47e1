package ingress_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/ingress"
)

const releaseType = "kubernetes:helm.sh/v3:Release"

func args() ingress.Args {
	return ingress.Args{
		Namespace: pulumi.String("ingress"), Labels: map[string]string{"gatehouse/owner": "platform", "app.kubernetes.io/part-of": "gatehouse"},
		Origin:  "origin.portal.example.com",
		Callers: pulumi.String("pl-cloudfront"), CallerCIDRs: pulumi.ToStringArray([]string{"198.51.100.0/24", "203.0.113.0/24"}),
		CertificateSecret: "portal-tls", DefaultBackend: "developer-portal/maintenance",
		Replicas: 3, BodyLimitMiB: 10, HSTSMaxAgeSeconds: 31536000, ContentSecurityPolicy: "default-src 'self'",
	}
}

func install(t *testing.T, args ingress.Args) componenttest.Registration {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := ingress.New(ctx, "i", args)
		return err
	}).One(t, releaseType)
}

// require.Equal for many inputs below one path.
func requireInputs(t *testing.T, made componenttest.Registration, below string, want map[string]any) {
	t.Helper()
	found, ok := made.Input(below).(map[string]any)
	require.True(t, ok, below)
	for name, value := range want {
		require.Equal(t, value, found[name], "%s %s", below, name)
	}
}

func TestOnlyCloudFrontReachesTheLoadBalancer(t *testing.T) {
	made := install(t, args())
	requireInputs(t, made, "values.controller.service", map[string]any{
		"enableHttp": false, "loadBalancerClass": "service.k8s.aws/nlb",
	})
	requireInputs(t, made, "values.controller.service.annotations", map[string]any{
		"service.beta.kubernetes.io/aws-load-balancer-scheme":                      "internet-facing",
		"service.beta.kubernetes.io/aws-load-balancer-nlb-target-type":             "ip",
		"service.beta.kubernetes.io/aws-load-balancer-security-group-prefix-lists": "pl-cloudfront",
		"external-dns.alpha.kubernetes.io/hostname":                                "origin.portal.example.com",
	})
}

// The client's address decides rate limits and who is let in: it is believed
// from CloudFront alone, and from nobody when CloudFront's addresses are unknown.
func TestOnlyCloudFrontIsBelieved(t *testing.T) {
	made := install(t, args())
	requireInputs(t, made, "values.controller.config", map[string]any{
		"use-forwarded-headers": "true", "proxy-real-ip-cidr": "198.51.100.0/24,203.0.113.0/24", "use-proxy-protocol": nil,
	})
	require.Contains(t, made.Input(`values.controller.service.annotations["service.beta.kubernetes.io/aws-load-balancer-target-group-attributes"]`),
		"preserve_client_ip.enabled=true")

	unknown := args()
	unknown.CallerCIDRs = pulumi.StringArray{}
	require.Equal(t, "127.0.0.1/32", install(t, unknown).Input(`values.controller.config["proxy-real-ip-cidr"]`))
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	made := install(t, args())
	require.Equal(t, map[string]any{
		"Content-Security-Policy": "default-src 'self'", "X-Frame-Options": "DENY",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin",
	}, made.Input("values.controller.addHeaders"))
	requireInputs(t, made, "values.controller.config", map[string]any{
		"hsts": "true", "hsts-max-age": "31536000", "hsts-include-subdomains": "true", "hsts-preload": "true",
		"ssl-protocols": "TLSv1.2 TLSv1.3", "server-tokens": "false", "ssl-redirect": "true", "proxy-body-size": "10m",
	})

	own := args()
	own.ContentSecurityPolicy = ""
	require.NotContains(t, install(t, own).Input("values.controller.addHeaders"), "Content-Security-Policy")
}

func TestConfigurationIsTextOnly(t *testing.T) {
	for name, value := range install(t, args()).Input("values.controller.config").(map[string]any) {
		require.IsType(t, "", value, name)
	}
}

// The access log is JSON, and holds nothing by which somebody could sign in.
func TestAccessLog(t *testing.T) {
	format := install(t, args()).Input(`values.controller.config["log-format-upstream"]`).(string)
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(format), &line))
	require.Equal(t, "$uri", line["path"])
	require.Equal(t, "$remote_addr", line["client"])
	require.NotRegexp(t, regexp.MustCompile(`request_uri|\$request"|args|cookie|authorization|referer|query`), format)
}

func TestControllerIsHardened(t *testing.T) {
	made := install(t, args())
	requireInputs(t, made, "values.controller", map[string]any{
		"allowSnippetAnnotations": false, "enableAnnotationValidations": true,
		"replicaCount": 3.0, "maxUnavailable": 1.0, "priorityClassName": "gatehouse-critical",
		"extraArgs": map[string]any{"default-ssl-certificate": "ingress/portal-tls", "default-backend-service": "developer-portal/maintenance"},
		"podLabels": map[string]any{"app": "ingress-nginx", "gatehouse/owner": "platform"},
		"metrics":   map[string]any{"enabled": true},
	})
	requireInputs(t, made, "values.controller.autoscaling", map[string]any{"enabled": true, "minReplicas": 3.0, "maxReplicas": 9.0})
	require.Equal(t, "ingress-nginx", made.Input("values.serviceAccount.name"))
	require.Equal(t, map[string]any{"gatehouse/owner": "platform"}, made.Input("values.commonLabels"))
	require.Equal(t, "", made.Input(`values.controller.podAnnotations["traffic.sidecar.istio.io/includeInboundPorts"]`))
	// Jobs with a sidecar never end: cert-manager makes the webhook's certificate.
	require.Equal(t, map[string]any{"certManager": map[string]any{"enabled": true}, "patch": map[string]any{"enabled": false}},
		made.Input("values.controller.admissionWebhooks"))
}

func TestBalancers(t *testing.T) {
	made := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := ingress.NewBalancers(ctx, "b", ingress.BalancersArgs{
			Namespace: pulumi.String("kube-system"), Labels: map[string]string{"gatehouse/owner": "platform"}, RoleARN: pulumi.String("arn:role"),
			ClusterName: pulumi.String("c"), VPCID: pulumi.String("vpc-1"), Region: "us-west-2", Tags: map[string]string{"owner": "platform"},
		})
		return err
	}).One(t, releaseType)
	requireInputs(t, made, "values", map[string]any{
		"clusterName": "c", "vpcId": "vpc-1", "region": "us-west-2", "replicaCount": 2.0, "enableCertManager": true,
		// The role may not touch these: CloudFront has them.
		"enableShield": false, "enableWaf": false, "enableWafv2": false,
		"createIngressClassResource": false, "defaultTags": map[string]any{"owner": "platform"},
	})
	require.Equal(t, "aws-load-balancer-controller", made.Input("values.serviceAccount.name"))
}
