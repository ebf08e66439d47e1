package stacks

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runEdge runs the edge layer on stand-ins for the foundation's outputs.
func runEdge(t testing.TB, c config.Config) (componenttest.Registrations, EdgeOutputs) {
	t.Helper()
	var outputs EdgeOutputs
	logs := Bucket{Domain: pulumi.String("logs.s3.us-west-2.amazonaws.com").ToStringOutput()}
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		outputs, err = deployEdge(ctx, env, FoundationOutputs{Logs: logs})
		return err
	})
	return seen, outputs
}

// What CloudFront reads from us-east-1 is there, and nothing else is.
func TestOnlyCloudFrontsPartsLiveInUSEast1(t *testing.T) {
	seen, _ := runEdge(t, configtest.Production())
	edge := map[string]bool{
		"aws:kms/key:Key gatehouse-test-edge-key-logs":                                                 true,
		"aws:kms/alias:Alias gatehouse-test-edge-key-logs":                                             true,
		"aws:acm/certificate:Certificate gatehouse-test-certificate-edge":                              true,
		"aws:acm/certificateValidation:CertificateValidation gatehouse-test-certificate-edge":          true,
		"aws:wafv2/webAcl:WebAcl gatehouse-test-edge-firewall":                                         true,
		"aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration gatehouse-test-edge-firewall": true,
		"aws:cloudwatch/logGroup:LogGroup gatehouse-test-edge-firewall":                                true,
		"aws:cloudwatch/logResourcePolicy:LogResourcePolicy gatehouse-test-edge-firewall":              true,
	}
	found := 0
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:layer:edge", r.Name)
		provider := "::gatehouse-test-regional::"
		if edge[r.Type+" "+r.Name] {
			provider, found = "::gatehouse-test-edge::", found+1
		}
		require.Contains(t, r.Provider, provider, "%s %s", r.Type, r.Name)
	}
	require.Equal(t, len(edge), found)
}

func TestNamesOfThePortal(t *testing.T) {
	c := configtest.Staging()
	seen, outputs := runEdge(t, c)
	domain := string(c.Edge.Domain)
	require.Equal(t, "origin."+domain, outputs.OriginDomain)
	distribution := seen.One(t, "aws:cloudfront/distribution:Distribution")
	require.Equal(t, []any{domain, "api." + domain}, distribution.Input("aliases"))
	require.Equal(t, "origin."+domain, distribution.Input("origins[0].domainName"))
	require.Equal(t, "logs.s3.us-west-2.amazonaws.com", distribution.Input("loggingConfig.bucket"))
	for _, record := range seen.OfType("aws:route53/record:Record") {
		require.True(t, strings.HasSuffix(record.Input("name").(string), domain), "%s lies outside the zone", record.Name)
	}
}

func TestFirewallKeyServesLogsOfItsRegion(t *testing.T) {
	seen, _ := runEdge(t, configtest.Staging())
	key := seen.One(t, "aws:kms/key:Key")
	require.Contains(t, key.Input("policy"), "logs.us-east-1.amazonaws.com")
	require.NotContains(t, key.Input("policy"), "us-west-2")
	require.Equal(t, true, key.Input("enableKeyRotation"))
	require.NotEmpty(t, seen.One(t, "aws:cloudwatch/logGroup:LogGroup").Input("kmsKeyId"))
}

func TestExistingZoneIsUsed(t *testing.T) {
	c, id := configtest.Staging(), "Z0EXISTING"
	c.Edge.ZoneID = &id
	seen, _ := runEdge(t, c)
	require.Empty(t, seen.OfType("aws:route53/zone:Zone"))
	for _, record := range seen.OfType("aws:route53/record:Record") {
		require.Equal(t, id, record.Input("zoneId"))
	}
}

func TestEdgeOptions(t *testing.T) {
	c := configtest.Staging()
	c.Edge.ShieldAdvanced, c.Edge.BlockedCountries, c.Edge.RateLimit = true, []config.Country{"KP"}, 500
	seen, _ := runEdge(t, c)
	seen.One(t, "aws:shield/protection:Protection")
	require.Equal(t, []any{"KP"}, seen.One(t, "aws:cloudfront/distribution:Distribution").Input("restrictions.geoRestriction.locations"))
	require.Equal(t, 500.0, seen.One(t, "aws:wafv2/webAcl:WebAcl").Input("rules[0].statement.rateBasedStatement.limit"))
}
