package edge_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	cf "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	waf "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws/awstest"
)

func TestEveryChecker(t *testing.T) {
	w := newWorld(t)
	blind := func(pattern string, rule awstest.Rule) func(*testing.T) {
		return func(t *testing.T) { w.Set(t, pattern, rule) }
	}
	rules := func(change func([]waf.Rule) []waf.Rule) func(*testing.T) {
		return func(t *testing.T) {
			t.Cleanup(func() { w.setRules(t, goodRules()) })
			w.setRules(t, change(goodRules()))
		}
	}
	stage(t, w).Play(t,
		checkstest.Scene{
			Checker: "waf-in-front", Found: "has no web ACL",
			Break: func(t *testing.T) { w.change(t, func(c *cf.DistributionConfig) { c.WebACLId = sdk.String("") }) },
			Blind: blind("cloudfront:GetDistribution", awstest.Deny()), Why: "cloudfront:GetDistribution",
		},
		checkstest.Scene{
			Checker: "waf-managed-rules", Found: "only counts",
			Break: rules(func(rules []waf.Rule) []waf.Rule {
				rules[1].OverrideAction = &waf.OverrideAction{Count: &waf.CountAction{}}
				return rules
			}),
			Blind: blind("wafv2:GetWebACL", awstest.Hang()), Why: "timed out",
		},
		checkstest.Scene{
			Checker: "waf-log", Found: "logs the header cookie in plain",
			Break: func(t *testing.T) {
				t.Cleanup(func() { w.setLog(t, "authorization", "cookie") })
				w.setLog(t, "authorization")
			},
			Blind: blind("wafv2:GetLoggingConfiguration", awstest.Garbage()), Why: "invalid answer",
		},
		checkstest.Scene{
			Checker: "waf-rate-limit", Found: "the rule rate only counts",
			Break: rules(func(rules []waf.Rule) []waf.Rule {
				return []waf.Rule{rateRule(2000, &waf.RuleAction{Count: &waf.CountAction{}})}
			}),
			Blind: blind("wafv2:*", awstest.Deny()), Why: "denied",
		},
		checkstest.Scene{
			Checker: "ddos-absorbed", Found: "is disabled",
			Break: func(t *testing.T) { w.change(t, func(c *cf.DistributionConfig) { c.Enabled = sdk.Bool(false) }) },
			Blind: blind("cloudfront:ListDistributions", awstest.Throttle(-1)), Why: "throttled",
		},
		checkstest.Scene{
			Checker: "edge-https-only", Found: "accepts TLS before 1.2",
			Break: func(t *testing.T) {
				w.change(t, func(c *cf.DistributionConfig) {
					c.ViewerCertificate.MinimumProtocolVersion = cf.MinimumProtocolVersionTLSv1
				})
			},
			Blind: blind("cloudfront:GetDistribution", awstest.Hang()), Why: "timed out",
		},
		checkstest.Scene{
			Checker: "acm-certificates", Found: "is PENDING_VALIDATION",
			Break: func(t *testing.T) {
				w.Set(t, "acm:DescribeCertificate", awstest.Rewrite(func(body string) string {
					return strings.ReplaceAll(renewed(body), `"Status": "ISSUED"`, `"Status": "PENDING_VALIDATION"`)
				}))
			},
			Blind: blind("acm:DescribeCertificate", awstest.Deny()), Why: "denied",
		},
		checkstest.Scene{
			Checker: "dns-leads-to-edge", Found: "leads to AAAA elsewhere.example.com",
			Break: func(t *testing.T) {
				t.Cleanup(func() { w.lead(t, api, w.target.Distribution) })
				w.lead(t, api, "elsewhere.example.com")
			},
			Blind: blind("route53:ListResourceRecordSets", awstest.Deny()), Why: "denied",
		},
		checkstest.Scene{
			Checker: "uptime-checks", Found: "no health check asks it",
			Break: func(t *testing.T) {
				_, err := w.route53.DeleteHealthCheck(t.Context(), &route53.DeleteHealthCheckInput{HealthCheckId: sdk.String(w.checks[1])})
				require.NoError(t, err)
				t.Cleanup(func() { w.checks[1] = w.makeCheck(t, api, 30) })
			},
			Blind: blind("route53:ListHealthChecks", awstest.Drop()), Why: "route53:ListHealthChecks",
		},
		checkstest.Scene{
			Checker: "uptime-healthy", Found: "6 of 8 places reach it",
			Break: func(t *testing.T) {
				w.Set(t, "route53:GetHealthCheckStatus", observations("Failure: connection timed out", "Failure: connection timed out"))
			},
			Blind: blind("route53:GetHealthCheckStatus", awstest.Deny()), Why: "denied",
		},
	)
}
