package edge_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/edge"
)

const (
	name         = "gatehouse-test-edge"
	distribution = "aws:cloudfront/distribution:Distribution"
	headers      = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
	webACL       = "aws:wafv2/webAcl:WebAcl"
)

func args() edge.Args {
	return edge.Args{
		Domain: "portal.example.com", API: "api.portal.example.com", Origin: "origin.portal.example.com",
		ZoneID: pulumi.String("Z0123456789"), CertificateARN: pulumi.String("arn:certificate"),
		RateLimit: 2000, PriceClass: "PriceClass_100",
		LogBucketDomain: pulumi.String("logs.s3.us-west-2.amazonaws.com"),
		LogsKey:         pulumi.String("key-logs"), LogRetentionDays: 365,
		Partition: "aws", AccountID: "111122223333",
	}
}

func run(t *testing.T, a edge.Args) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		virginia, err := aws.NewProvider(ctx, "virginia", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		a.Edge = virginia
		_, err = edge.New(ctx, name, a)
		return err
	})
}

func TestFirewallBlocks(t *testing.T) {
	seen := run(t, args())
	acl := seen.One(t, webACL)
	require.Contains(t, acl.Provider, "::virginia::")
	require.Equal(t, "CLOUDFRONT", acl.Input("scope"))
	require.Equal(t, map[string]any{"allow": map[string]any{}}, acl.Input("defaultAction"))

	rules := map[string]map[string]any{}
	priorities := map[any]bool{}
	for _, r := range acl.Input("rules").([]any) {
		rule := r.(map[string]any)
		rules[rule["name"].(string)] = rule
		require.False(t, priorities[rule["priority"]], "AWS refuses two rules of one priority")
		priorities[rule["priority"]] = true
	}
	require.Equal(t, map[string]any{"block": map[string]any{}}, rules["rate"]["action"], "a rule that counts stops nobody")
	rate := rules["rate"]["statement"].(map[string]any)["rateBasedStatement"].(map[string]any)
	require.Equal(t, 2000.0, rate["limit"])
	require.Equal(t, "IP", rate["aggregateKeyType"])
	require.Equal(t, 300.0, rate["evaluationWindowSec"])

	for group, override := range map[string]string{
		"AWSManagedRulesCommonRuleSet":          "none",
		"AWSManagedRulesKnownBadInputsRuleSet":  "none",
		"AWSManagedRulesSQLiRuleSet":            "none",
		"AWSManagedRulesAmazonIpReputationList": "none",
		"AWSManagedRulesAnonymousIpList":        "count",
	} {
		require.Contains(t, rules, group)
		require.Equal(t, map[string]any{override: map[string]any{}}, rules[group]["overrideAction"], group)
	}
	require.Len(t, rules, 6)
}

func TestFirewallLogHidesCredentials(t *testing.T) {
	seen := run(t, args())
	group := seen.One(t, "aws:cloudwatch/logGroup:LogGroup")
	require.Equal(t, "aws-waf-logs-"+name, group.Input("name"))
	require.Equal(t, "key-logs", group.Input("kmsKeyId"))
	logging := seen.One(t, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
	for _, r := range []componenttest.Registration{group, logging} {
		require.Contains(t, r.Provider, "::virginia::", r.Name)
	}
	var redacted []string
	for _, f := range logging.Input("redactedFields").([]any) {
		redacted = append(redacted, f.(map[string]any)["singleHeader"].(map[string]any)["name"].(string))
	}
	require.ElementsMatch(t, []string{"authorization", "cookie"}, redacted)

	var policy struct {
		Statement []struct {
			Principal map[string][]string
			Resource  []string
			Condition map[string]map[string][]string
		}
	}
	text := seen.One(t, "aws:cloudwatch/logResourcePolicy:LogResourcePolicy").Input("policyDocument").(string)
	require.NoError(t, json.Unmarshal([]byte(text), &policy))
	require.Equal(t, []string{"delivery.logs.amazonaws.com"}, policy.Statement[0].Principal["Service"])
	require.Equal(t, []string{"111122223333"}, policy.Statement[0].Condition["StringEquals"]["aws:SourceAccount"])
	require.Equal(t, []string{"arn:aws:logs:us-east-1:111122223333:*"}, policy.Statement[0].Condition["ArnLike"]["aws:SourceArn"])
	require.Len(t, policy.Statement[0].Resource, 1)
	require.NotEqual(t, "*", policy.Statement[0].Resource[0])
}

func TestDistribution(t *testing.T) {
	seen := run(t, args())
	d := seen.One(t, distribution)
	for path, want := range map[string]any{
		"aliases":                             []any{"portal.example.com", "api.portal.example.com"},
		"httpVersion":                         "http2and3",
		"isIpv6Enabled":                       true,
		"viewerCertificate.acmCertificateArn": "arn:certificate",
		"viewerCertificate.minimumProtocolVersion":           "TLSv1.2_2021",
		"origins[0].domainName":                              "origin.portal.example.com",
		"origins[0].customOriginConfig.originProtocolPolicy": "https-only",
		"origins[0].customOriginConfig.originSslProtocols":   []any{"TLSv1.2"},
		"defaultCacheBehavior.viewerProtocolPolicy":          "redirect-to-https",
		"defaultCacheBehavior.cachePolicyId":                 "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
		"defaultCacheBehavior.originRequestPolicyId":         "216adef6-5c7f-47e4-b989-5492eafa07d3",
		"defaultCacheBehavior.responseHeadersPolicyId":       name + "-headers-id",
		"orderedCacheBehaviors[0].pathPattern":               "/_next/static/*",
		"orderedCacheBehaviors[0].cachePolicyId":             name + "-static-id",
		"orderedCacheBehaviors[0].responseHeadersPolicyId":   name + "-headers-id",
		"loggingConfig.bucket":                               "logs.s3.us-west-2.amazonaws.com",
		"loggingConfig.includeCookies":                       false,
		"restrictions.geoRestriction.restrictionType":        "none",
	} {
		require.Equal(t, want, d.Input(path), path)
	}
	require.Contains(t, d.Input("webAclId"), name+"-firewall", "the distribution stands behind the firewall")
	for _, r := range seen.Customs() {
		require.NotEmpty(t, r.Parent, r.Name)
	}
}

func TestCountriesAreBlockedWhereConfigured(t *testing.T) {
	a := args()
	a.BlockedCountries = []string{"KP", "SY"}
	d := run(t, a).One(t, distribution)
	require.Equal(t, map[string]any{"restrictionType": "blacklist", "locations": []any{"KP", "SY"}}, d.Input("restrictions.geoRestriction"))
}

func TestSecurityHeaders(t *testing.T) {
	policy := run(t, args()).One(t, headers)
	const hsts = "securityHeadersConfig.strictTransportSecurity."
	require.GreaterOrEqual(t, policy.Input(hsts+"accessControlMaxAgeSec"), 31536000.0)
	for _, flag := range []string{"includeSubdomains", "preload", "override"} {
		require.Equal(t, true, policy.Input(hsts+flag), flag)
	}
	require.Equal(t, "DENY", policy.Input("securityHeadersConfig.frameOptions.frameOption"))
	require.Equal(t, true, policy.Input("securityHeadersConfig.contentTypeOptions.override"))
	require.Equal(t, "strict-origin-when-cross-origin", policy.Input("securityHeadersConfig.referrerPolicy.referrerPolicy"))
	csp := policy.Input("securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy")
	require.Contains(t, csp, "default-src 'self'; ")
	require.Contains(t, csp, "frame-ancestors 'none'")
	require.Contains(t, csp, "connect-src 'self' wss://portal.example.com https://api.portal.example.com wss://api.portal.example.com;")
}

func TestRecordsAndHealthChecks(t *testing.T) {
	seen := run(t, args())
	const record, check = "aws:route53/record:Record", "aws:route53/healthCheck:HealthCheck"
	require.Len(t, seen.OfType(record), 4)
	for _, domain := range []string{"portal.example.com", "api.portal.example.com"} {
		for _, kind := range []string{"A", "AAAA"} {
			r := seen.Named(t, record, name+"-"+domain+"-"+kind)
			require.Equal(t, domain, r.Input("name"))
			require.Equal(t, kind, r.Input("type"))
			require.Len(t, r.Input("aliases"), 1)
		}
	}
	for suffix, want := range map[string][2]string{
		"portal": {"portal.example.com", "/api/health"}, "api": {"api.portal.example.com", "/healthcheck"},
	} {
		r := seen.Named(t, check, name+"-"+suffix)
		require.Equal(t, "HTTPS", r.Input("type"))
		require.Equal(t, want, [2]string{r.Input("fqdn").(string), r.Input("resourcePath").(string)})
	}
}

func TestShieldIsOptional(t *testing.T) {
	const protection = "aws:shield/protection:Protection"
	require.Empty(t, run(t, args()).OfType(protection))
	a := args()
	a.Shield = true
	require.Contains(t, run(t, a).One(t, protection).Input("resourceArn"), name)
}

func TestProviderOfUSEast1IsDemanded(t *testing.T) {
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := edge.New(ctx, name, args())
		return err
	})
	require.ErrorContains(t, err, "no provider of us-east-1")
}
