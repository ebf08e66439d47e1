package edge_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cf "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53 "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waf "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

const (
	portal = "portal.example.com"
	api    = "api.portal.example.com"
)

// world is an edge in the emulator as a good stack makes it, seen through a
// proxy that knows what the emulator leaves out.
type world struct {
	*awstest.Server
	target target.AWS

	waf        *wafv2.Client
	cloudfront *cloudfront.Client
	route53    *route53.Client
	acl        *waf.WebACLSummary
	id         string // of the distribution
	checks     []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	upstream, _ := sandboxtest.OwnAWS(t)
	config := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(upstream), Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	w := &world{
		Server: awstest.Proxy(t, upstream), waf: wafv2.NewFromConfig(config),
		cloudfront: cloudfront.NewFromConfig(config), route53: route53.NewFromConfig(config),
	}
	w.target = target.AWS{Region: "us-west-2", Endpoint: w.URL, Prefix: "gatehouse-test"}
	w.makeFirewall(t)
	west := config.Copy()
	west.Region = "us-west-2"
	w.target.Certificate = makeCertificate(t, west)
	w.makeDistribution(t, makeCertificate(t, config))
	w.makeNames(t)
	w.completeEmulator(t)
	return w
}

func (w *world) makeFirewall(t *testing.T) {
	made, err := w.waf.CreateWebACL(t.Context(), &wafv2.CreateWebACLInput{
		Name: aws.String("gatehouse-test"), Scope: waf.ScopeCloudfront, Rules: goodRules(),
		DefaultAction: &waf.DefaultAction{Allow: &waf.AllowAction{}}, VisibilityConfig: visible("acl"),
	})
	require.NoError(t, err)
	w.acl, w.target.WebACL = made.Summary, aws.ToString(made.Summary.ARN)
	w.setLog(t, "authorization", "cookie")
}

func goodRules() []waf.Rule {
	rules := []waf.Rule{rateRule(2000, &waf.RuleAction{Block: &waf.BlockAction{}})}
	for i, name := range []string{"AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"} {
		rules = append(rules, waf.Rule{
			Name: aws.String(name), Priority: int32(i + 1), VisibilityConfig: visible(name),
			OverrideAction: &waf.OverrideAction{None: &waf.NoneAction{}},
			Statement: &waf.Statement{ManagedRuleGroupStatement: &waf.ManagedRuleGroupStatement{
				VendorName: aws.String("AWS"), Name: aws.String(name),
			}},
		})
	}
	return rules
}

func rateRule(limit int64, action *waf.RuleAction) waf.Rule {
	return waf.Rule{
		Name: aws.String("rate"), Priority: 0, Action: action, VisibilityConfig: visible("rate"),
		Statement: &waf.Statement{RateBasedStatement: &waf.RateBasedStatement{
			AggregateKeyType: waf.RateBasedStatementAggregateKeyTypeIp, Limit: aws.Int64(limit), EvaluationWindowSec: 300,
		}},
	}
}

func visible(name string) *waf.VisibilityConfig {
	return &waf.VisibilityConfig{MetricName: aws.String(name), CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true}
}

func (w *world) setRules(t *testing.T, rules []waf.Rule) {
	t.Helper()
	got, err := w.waf.GetWebACL(context.Background(), &wafv2.GetWebACLInput{Name: w.acl.Name, Id: w.acl.Id, Scope: waf.ScopeCloudfront})
	require.NoError(t, err)
	_, err = w.waf.UpdateWebACL(context.Background(), &wafv2.UpdateWebACLInput{
		Name: w.acl.Name, Id: w.acl.Id, Scope: waf.ScopeCloudfront, LockToken: got.LockToken, Rules: rules,
		DefaultAction: &waf.DefaultAction{Allow: &waf.AllowAction{}}, VisibilityConfig: visible("acl"),
	})
	require.NoError(t, err)
}

func (w *world) setLog(t testing.TB, headers ...string) {
	t.Helper()
	var fields []waf.FieldToMatch
	for _, header := range headers {
		fields = append(fields, waf.FieldToMatch{SingleHeader: &waf.SingleHeader{Name: aws.String(header)}})
	}
	_, err := w.waf.PutLoggingConfiguration(context.Background(), &wafv2.PutLoggingConfigurationInput{LoggingConfiguration: &waf.LoggingConfiguration{
		ResourceArn: w.acl.ARN, RedactedFields: fields,
		LogDestinationConfigs: []string{"arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-gatehouse-test"},
	}})
	require.NoError(t, err)
}

func makeCertificate(t *testing.T, config aws.Config) string {
	made, err := acm.NewFromConfig(config).RequestCertificate(t.Context(), &acm.RequestCertificateInput{
		DomainName: aws.String(portal), SubjectAlternativeNames: []string{"*." + portal}, ValidationMethod: acmtypes.ValidationMethodDns,
	})
	require.NoError(t, err)
	return aws.ToString(made.CertificateArn)
}

func (w *world) makeDistribution(t *testing.T, certificate string) {
	made, err := w.cloudfront.CreateDistribution(t.Context(), &cloudfront.CreateDistributionInput{DistributionConfig: &cf.DistributionConfig{
		CallerReference: aws.String("test"), Comment: aws.String("test"), Enabled: aws.Bool(true), WebACLId: w.acl.ARN,
		Aliases: &cf.Aliases{Quantity: aws.Int32(2), Items: []string{portal, api}},
		ViewerCertificate: &cf.ViewerCertificate{
			ACMCertificateArn: aws.String(certificate), SSLSupportMethod: cf.SSLSupportMethodSniOnly,
			MinimumProtocolVersion: cf.MinimumProtocolVersionTLSv122021,
		},
		Origins: &cf.Origins{Quantity: aws.Int32(1), Items: []cf.Origin{{
			Id: aws.String("load-balancer"), DomainName: aws.String("origin." + portal),
			CustomOriginConfig: &cf.CustomOriginConfig{
				HTTPPort: aws.Int32(80), HTTPSPort: aws.Int32(443), OriginProtocolPolicy: cf.OriginProtocolPolicyHttpsOnly,
				OriginSslProtocols: &cf.OriginSslProtocols{Quantity: aws.Int32(1), Items: []cf.SslProtocol{cf.SslProtocolTLSv12}},
			},
		}}},
		DefaultCacheBehavior: &cf.DefaultCacheBehavior{
			TargetOriginId: aws.String("load-balancer"), ViewerProtocolPolicy: cf.ViewerProtocolPolicyRedirectToHttps,
		},
	}})
	require.NoError(t, err)
	w.id, w.target.Distribution = aws.ToString(made.Distribution.Id), aws.ToString(made.Distribution.DomainName)
}

// change changes the distribution until the test ends.
func (w *world) change(t *testing.T, with func(*cf.DistributionConfig)) {
	t.Helper()
	before := w.config(t)
	t.Cleanup(func() { w.put(t, before) })
	changed := w.config(t)
	with(changed)
	w.put(t, changed)
}

func (w *world) config(t *testing.T) *cf.DistributionConfig {
	t.Helper()
	got, err := w.cloudfront.GetDistributionConfig(context.Background(), &cloudfront.GetDistributionConfigInput{Id: aws.String(w.id)})
	require.NoError(t, err)
	return got.DistributionConfig
}

func (w *world) put(t *testing.T, config *cf.DistributionConfig) {
	t.Helper()
	_, err := w.cloudfront.UpdateDistribution(context.Background(), &cloudfront.UpdateDistributionInput{
		Id: aws.String(w.id), IfMatch: aws.String("any"), DistributionConfig: config,
	})
	require.NoError(t, err)
}

func (w *world) makeNames(t *testing.T) {
	zone, err := w.route53.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String(portal), CallerReference: aws.String("test")})
	require.NoError(t, err)
	w.target.HostedZone = strings.TrimPrefix(aws.ToString(zone.HostedZone.Id), "/hostedzone/")
	for _, name := range []string{portal, api} {
		w.lead(t, name, w.target.Distribution)
		w.checks = append(w.checks, w.makeCheck(t, name, 30))
	}
}

// lead points a name at another.
func (w *world) lead(t testing.TB, name, to string) {
	t.Helper()
	var changes []r53.Change
	for _, kind := range []r53.RRType{r53.RRTypeA, r53.RRTypeAaaa} {
		changes = append(changes, r53.Change{Action: r53.ChangeActionUpsert, ResourceRecordSet: &r53.ResourceRecordSet{
			Name: aws.String(name), Type: kind,
			AliasTarget: &r53.AliasTarget{DNSName: aws.String(to), HostedZoneId: aws.String("Z2FDTNDATAQYW2")},
		}})
	}
	_, err := w.route53.ChangeResourceRecordSets(context.Background(), &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: aws.String(w.target.HostedZone), ChangeBatch: &r53.ChangeBatch{Changes: changes},
	})
	require.NoError(t, err)
}

func (w *world) makeCheck(t testing.TB, name string, interval int32) string {
	t.Helper()
	made, err := w.route53.CreateHealthCheck(context.Background(), &route53.CreateHealthCheckInput{
		CallerReference: aws.String(name + strconv.Itoa(int(time.Now().UnixNano()))),
		HealthCheckConfig: &r53.HealthCheckConfig{
			Type: r53.HealthCheckTypeHttps, FullyQualifiedDomainName: aws.String(name), ResourcePath: aws.String("/api/health"),
			Port: aws.Int32(443), RequestInterval: aws.Int32(interval), FailureThreshold: aws.Int32(3),
		},
	})
	require.NoError(t, err)
	return aws.ToString(made.HealthCheck.Id)
}
