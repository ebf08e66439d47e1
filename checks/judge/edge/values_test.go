package edge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/edge"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// good is what the readers answer of a good edge.
type good struct {
	acl          evidence.WebACL
	log          evidence.WebLog
	distribution evidence.Distribution
	shield       evidence.Shield
	certificates []evidence.ACMCertificate
	checks       []evidence.UptimeCheck
	records      []evidence.DNSRecord
	thresholds   judge.Thresholds
	problems     map[evidence.Name]evidence.Problem
}

func newGood(t *testing.T) *good {
	t.Helper()
	const acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/portal/1"
	g := &good{
		acl: evidence.WebACL{ARN: acl, Name: "portal", DefaultAction: "ALLOW", Rules: []evidence.WebRule{
			{Name: "rate", Action: "BLOCK", Rate: &evidence.WebRate{Limit: 2000, Seconds: 300, Key: "IP"}},
			{Name: "common", Priority: 1, Action: "GROUP", Group: "AWS/AWSManagedRulesCommonRuleSet", Counted: []string{"SizeRestrictions_BODY"}},
			{Name: "inputs", Priority: 2, Action: "GROUP", Group: "AWS/AWSManagedRulesKnownBadInputsRuleSet"},
		}},
		log: evidence.WebLog{ACL: acl, Logged: true, Redacted: []string{"authorization", "cookie"}},
		distribution: evidence.Distribution{
			ID: "E1", ARN: "arn:aws:cloudfront::123456789012:distribution/E1", Domain: "d1.cloudfront.net", Status: "Deployed", Enabled: true,
			Aliases: []string{portal, api}, WebACL: acl, MinimumTLS: "TLSv1.2_2021", Certificate: "arn:certificate",
			Behaviours: []evidence.Behaviour{{Path: "*", Viewers: "redirect-to-https"}},
			Origins:    []evidence.Origin{{ID: "load-balancer", Protocol: "https-only", TLS: []string{"TLSv1.2"}}, {ID: "files", Bucket: true}},
		},
		certificates: []evidence.ACMCertificate{{
			ARN: "arn:certificate", Status: "ISSUED", Type: "AMAZON_ISSUED", Validation: "DNS", Renewable: true, NotAfter: now.AddDate(0, 6, 0), Users: 1,
		}},
		thresholds: thresholds(t), problems: map[evidence.Name]evidence.Problem{},
	}
	for _, name := range []string{portal, api} {
		g.records = append(g.records, evidence.DNSRecord{Name: name, Type: "A", Alias: g.distribution.Domain})
		g.checks = append(g.checks, evidence.UptimeCheck{ID: "check-" + name, Type: "HTTPS", Host: name, Interval: 30, Reports: []evidence.UptimeReport{
			{Region: "us-east-1", Healthy: true, At: now}, {Region: "us-west-1", Healthy: true, At: now},
		}})
	}
	return g
}

func (g *good) judge(t *testing.T, id string) readiness.Judgement {
	facts := evidence.Facts{}
	checkstest.Troubled(facts, evidence.AWSWebACL, g.acl, g.problems)
	checkstest.Troubled(facts, evidence.AWSWebLog, g.log, g.problems)
	checkstest.Troubled(facts, evidence.AWSDistribution, g.distribution, g.problems)
	checkstest.Troubled(facts, evidence.AWSShield, g.shield, g.problems)
	checkstest.Troubled(facts, evidence.AWSCertificates, g.certificates, g.problems)
	checkstest.Troubled(facts, evidence.AWSUptimeChecks, g.checks, g.problems)
	checkstest.Troubled(facts, evidence.AWSRecords, g.records, g.problems)
	return checkstest.Over(t, edge.Checkers(), id, judge.Environment{Name: "test", Now: now}, g.thresholds, facts)
}

func TestGoodEdgePasses(t *testing.T) {
	for _, k := range edge.Checkers() {
		j := newGood(t).judge(t, k.ID)
		require.Equal(t, readiness.Pass, j.Verdict, "%s: %s %s", k.ID, j.Found, j.Reasons)
		require.Positive(t, j.Subjects)
	}
}

func TestCasesOfTheEdge(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "refused"}
	absent := evidence.Problem{Kind: evidence.NotConfigured, Message: "the targets name no CloudFront distribution"}
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		checker string
		change  func(*good)
		verdict readiness.Verdict
		found   string
	}{
		"another web ACL":                    {"waf-in-front", func(g *good) { g.distribution.WebACL = "arn:other" }, readiness.Fail, "not behind the environment's"},
		"a regional one before nothing":      {"waf-in-front", regional(absent), readiness.Fail, "stands before no load balancer"},
		"a regional one before a balancer":   {"waf-in-front", balanced(absent), readiness.Pass, "stands before 1 load balancers"},
		"a regional one, half read":          {"waf-in-front", func(g *good) { regional(absent)(g); g.problems[evidence.AWSWebACL.Name()] = denied }, readiness.Unknown, "refused"},
		"no web ACL, so no rules":            {"waf-managed-rules", func(g *good) { g.acl = evidence.WebACL{} }, readiness.Fail, "has no web ACL"},
		"an excluded rule":                   {"waf-managed-rules", func(g *good) { g.acl.Rules[1].Counted = []string{"NoUserAgent_HEADER"} }, readiness.Fail, "does not block by NoUserAgent_HEADER"},
		"a group of a part":                  {"waf-managed-rules", func(g *good) { g.acl.Rules[2].Scoped = true }, readiness.Fail, "a part of the requests"},
		"a group that is missing":            {"waf-managed-rules", func(g *good) { g.acl.Rules = g.acl.Rules[:2] }, readiness.Fail, "KnownBadInputsRuleSet: is not among"},
		"an open door before the groups":     {"waf-managed-rules", func(g *good) { g.acl.Rules[0] = evidence.WebRule{Name: "friends", Action: "ALLOW"} }, readiness.Fail, "what the rule friends allows"},
		"no log":                             {"waf-log", func(g *good) { g.log.Logged = false }, readiness.Fail, "logs nothing"},
		"no web ACL that logs":               {"waf-log", func(g *good) { g.log = evidence.WebLog{} }, readiness.Fail, "has no web ACL"},
		"no rate rule":                       {"waf-rate-limit", func(g *good) { g.acl.Rules = g.acl.Rules[1:] }, readiness.Fail, "has no rate-based rule"},
		"a limit that allows too much":       {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Rate.Limit = 2001 }), readiness.Fail, "allows 2001 requests"},
		"the same limit in a shorter window": {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Rate.Seconds = 60 }), readiness.Fail, "allows 10000 requests"},
		"a limit that counts":                {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Action = "COUNT" }), readiness.Fail, "the rule rate only counts"},
		"a limit of a part":                  {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Scoped = true }), readiness.Fail, "a part of the requests"},
		"a limit for all together":           {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Rate.Key = "CONSTANT" }), readiness.Fail, "everybody together"},
		"a challenge":                        {"waf-rate-limit", rate(func(r *evidence.WebRule) { r.Action = "CHALLENGE" }), readiness.Fail, "answers with CHALLENGE"},
		"being deployed":                     {"ddos-absorbed", func(g *good) { g.distribution.Status = "InProgress" }, readiness.Unknown, "is being deployed"},
		"one name only":                      {"ddos-absorbed", func(g *good) { g.distribution.Aliases = []string{portal} }, readiness.Fail, "2 are wanted"},
		"Shield Advanced is required":        {"ddos-absorbed", func(g *good) { g.thresholds["shieldAdvanced"] = "required" }, readiness.Fail, "not under Shield Advanced"},
		"Shield cannot be read, nor must":    {"ddos-absorbed", func(g *good) { g.problems[evidence.AWSShield.Name()] = denied }, readiness.Pass, "Shield Standard is always on"},
		"Shield cannot be read, but must": {"ddos-absorbed", func(g *good) {
			g.thresholds["shieldAdvanced"] = "required"
			g.problems[evidence.AWSShield.Name()] = denied
		}, readiness.Unknown, "refused"},
		"CloudFront's own certificate":      {"edge-https-only", func(g *good) { g.distribution.Certificate, g.distribution.MinimumTLS = "", "TLSv1" }, readiness.Fail, "CloudFront's own certificate"},
		"a path with HTTP":                  {"edge-https-only", func(g *good) { g.distribution.Behaviours[0].Viewers = "allow-all" }, readiness.Fail, "path *: serves plain HTTP"},
		"an origin over HTTP":               {"edge-https-only", func(g *good) { g.distribution.Origins[0].Protocol = "match-viewer" }, readiness.Fail, "is reached by match-viewer"},
		"an origin with TLS 1.0":            {"edge-https-only", func(g *good) { g.distribution.Origins[0].TLS = []string{"TLSv1", "TLSv1.2"} }, readiness.Fail, "may be reached by [TLSv1 TLSv1.2]"},
		"30 days left":                      {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.NotAfter = now.Add(30 * day) }), readiness.Pass, "valid for 30 days"},
		"a second less":                     {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.NotAfter = now.Add(30*day - time.Second) }), readiness.Fail, "ends in 29 days"},
		"ended":                             {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.NotAfter = now }), readiness.Fail, "ended on 2026-11-22"},
		"imported":                          {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.Type = "IMPORTED" }), readiness.Fail, "ACM does not renew it"},
		"validated by e-mail":               {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.Validation = "EMAIL" }), readiness.Fail, "validated by EMAIL"},
		"used by nothing":                   {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.Users = 0 }), readiness.Fail, "used by nothing"},
		"a renewal that waits":              {"acm-certificates", cert(func(a *evidence.ACMCertificate) { a.Renewal = "PENDING_VALIDATION" }), readiness.Fail, "is not renewed"},
		"no certificates":                   {"acm-certificates", func(g *good) { g.certificates = nil }, readiness.Unknown, "nothing to look at"},
		"a certificate that cannot be read": {"acm-certificates", func(g *good) { g.problems[evidence.AWSCertificates.Name()] = denied }, readiness.Unknown, "refused"},
		"a name that leads nowhere":         {"dns-leads-to-edge", func(g *good) { g.records = g.records[:1] }, readiness.Fail, "api.portal.example.com: is not in the hosted zone"},
		"a name in what could not be read":  {"dns-leads-to-edge", func(g *good) { g.records = nil; g.problems[evidence.AWSRecords.Name()] = denied }, readiness.Unknown, "refused"},
		"a name that leads past, too": {"dns-leads-to-edge", func(g *good) {
			g.records = append(g.records, evidence.DNSRecord{Name: portal, Type: "AAAA", Values: []string{"2001:db8::1"}})
		}, readiness.Fail, "leads to AAAA 2001:db8::1"},
		"CAA says nothing": {"dns-leads-to-edge", func(g *good) {
			g.records = append(g.records, evidence.DNSRecord{Name: portal, Type: "CAA", Values: []string{`0 issue "amazon.com"`}})
		}, readiness.Pass, ""},
		"a check by HTTP":   {"uptime-checks", func(g *good) { g.checks[0].Type = "HTTP" }, readiness.Fail, "asks by HTTP, not by HTTPS"},
		"a disabled check":  {"uptime-checks", func(g *good) { g.checks[0].Disabled = true }, readiness.Fail, "is disabled"},
		"an inverted check": {"uptime-checks", func(g *good) { g.checks[0].Inverted = true }, readiness.Fail, "is inverted"},
		"a bad check beside a good one": {"uptime-checks", func(g *good) {
			bad := g.checks[0]
			bad.Type = "HTTP"
			g.checks = append([]evidence.UptimeCheck{bad}, g.checks...)
		}, readiness.Pass, ""},
		"reports of long ago":            {"uptime-healthy", func(g *good) { g.checks[0].Reports[0].At, g.checks[0].Reports[1].At = now.Add(-time.Hour), time.Time{} }, readiness.Unknown, "no report of the last 15m"},
		"half of the places":             {"uptime-healthy", func(g *good) { g.checks[0].Reports[0].Healthy = false }, readiness.Fail, "1 of 2 places reach it"},
		"no checks, so nothing is known": {"uptime-healthy", func(g *good) { g.checks = nil }, readiness.Unknown, "nothing to look at"},
		"a disabled check says nothing":  {"uptime-healthy", func(g *good) { g.checks[0].Disabled, g.checks[1].Disabled = true, true }, readiness.Unknown, "nothing to look at"},
		"without a distribution nothing said": {"edge-https-only", func(g *good) {
			g.distribution = evidence.Distribution{}
			g.problems[evidence.AWSDistribution.Name()] = absent
		}, readiness.Unknown, "no CloudFront distribution"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGood(t)
			c.change(g)
			j := g.judge(t, c.checker)
			require.Equal(t, c.verdict, j.Verdict, "%s %s", j.Found, j.Reasons)
			require.Contains(t, j.Found, c.found)
		})
	}
}

func regional(absent evidence.Problem) func(*good) {
	return func(g *good) {
		g.acl.ARN = "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/portal/1"
		g.distribution, g.problems[evidence.AWSDistribution.Name()] = evidence.Distribution{}, absent
	}
}

func balanced(absent evidence.Problem) func(*good) {
	return func(g *good) {
		regional(absent)(g)
		g.acl.Balancers = []string{"arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/portal/1"}
	}
}

func rate(change func(*evidence.WebRule)) func(*good) {
	return func(g *good) { change(&g.acl.Rules[0]) }
}

func cert(change func(*evidence.ACMCertificate)) func(*good) {
	return func(g *good) { change(&g.certificates[0]) }
}
