package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/web"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// judged is what a checker says of values, with the problems of reading them.
func judged[T any](t *testing.T, id string, q evidence.Query[T], value T, problems ...evidence.Problem) readiness.Judgement {
	t.Helper()
	facts := evidence.Facts{}
	evidence.Fix(facts, q, value, problems...)
	return checkstest.Over(t, web.Checkers(), id, judge.Environment{Now: now}, thresholds(t), facts)
}

// want is a verdict and a part of what is found; "" for a PASS.
func want(t *testing.T, j readiness.Judgement, verdict readiness.Verdict, part string) {
	t.Helper()
	require.Equal(t, verdict, j.Verdict, "%s %v", j.Found, j.Reasons)
	require.Contains(t, j.Found, part)
}

func TestEmptyEvidenceProvesNothing(t *testing.T) {
	want(t, judged(t, "tls-versions", evidence.TLSHosts, nil), readiness.Unknown, "nothing to look at")
	want(t, judged(t, "http-strict-transport-security", evidence.WebPages, nil), readiness.Unknown, "nothing to look at")
	want(t, judged(t, "dns-names-resolve", evidence.DNSNames, nil), readiness.Unknown, "nothing to look at")
	want(t, judged(t, "web-response-times", evidence.WebTimings, []evidence.Timing{{URL: "u"}}), readiness.Unknown, "timed 0 times")
}

func TestPartialEvidence(t *testing.T) {
	gone := evidence.Problem{Kind: evidence.Unreachable, Message: "the API is down"}
	good := []evidence.HealthDocument{{URL: "u", Status: 200}}
	want(t, judged(t, "web-health-documents", evidence.WebHealth, good, gone), readiness.Unknown, "the API is down")
	bad := []evidence.HealthDocument{{URL: "u", Status: 503}}
	want(t, judged(t, "web-health-documents", evidence.WebHealth, bad, gone), readiness.Fail, "answers 503")
}

func TestCertificates(t *testing.T) {
	leaf := evidence.Certificate{
		Subject: "CN=leaf", NotBefore: now.Add(-time.Hour), NotAfter: now.Add(21*24*time.Hour + time.Minute),
		Key: "ECDSA", Bits: 256, Signature: "ECDSA-SHA256",
	}
	root := evidence.Certificate{Subject: "CN=root", NotAfter: now.Add(-time.Hour), Key: "RSA", Bits: 2048, Signature: "SHA1-RSA", SelfSigned: true}
	host := func(change func(*evidence.Certificate)) []evidence.TLSHost {
		c := leaf
		change(&c)
		return []evidence.TLSHost{{Host: "h", Chain: []evidence.Certificate{c, root}}}
	}
	same := func(*evidence.Certificate) {}
	want(t, judged(t, "tls-expiry", evidence.TLSHosts, host(same)), readiness.Pass, "21 days left")
	want(t, judged(t, "tls-chain", evidence.TLSHosts, host(same)), readiness.Pass, "issued by")
	for found, change := range map[string]func(*evidence.Certificate){
		"in 20 days":       func(c *evidence.Certificate) { c.NotAfter = now.Add(21*24*time.Hour - time.Minute) },
		"it ended on":      func(c *evidence.Certificate) { c.NotAfter = now },
		"not valid before": func(c *evidence.Certificate) { c.NotBefore = now.Add(time.Minute) },
	} {
		want(t, judged(t, "tls-expiry", evidence.TLSHosts, host(change)), readiness.Fail, found)
	}
	for found, change := range map[string]func(*evidence.Certificate){
		"RSA of 1024 bits":     func(c *evidence.Certificate) { c.Key, c.Bits = "RSA", 1024 },
		"ECDSA of 224 bits":    func(c *evidence.Certificate) { c.Bits = 224 },
		"DSA of 0 bits":        func(c *evidence.Certificate) { c.Key, c.Bits = "DSA", 0 },
		"it is signed by SHA1": func(c *evidence.Certificate) { c.Signature = "SHA1-RSA" },
		"signed by ECDSA-SHA1": func(c *evidence.Certificate) { c.Signature, c.SelfSigned = "ECDSA-SHA1", true },
	} {
		want(t, judged(t, "tls-chain", evidence.TLSHosts, host(change)), readiness.Fail, found)
	}
	want(t, judged(t, "tls-ciphers", evidence.TLSHosts, host(same)), readiness.Unknown, "not every weak cipher")
	want(t, judged(t, "tls-versions", evidence.TLSHosts, host(same)), readiness.Fail, "accepts none of")
}

func TestPlainAnswers(t *testing.T) {
	for _, c := range []struct {
		said    evidence.PlainAnswer
		verdict readiness.Verdict
		found   string
	}{
		{evidence.PlainAnswer{Closed: true}, readiness.Pass, "closed"},
		{evidence.PlainAnswer{Status: 308, Location: "https://H/x"}, readiness.Pass, "308"},
		{evidence.PlainAnswer{Status: 301, Location: "https://www.h/"}, readiness.Fail, "another host"},
		{evidence.PlainAnswer{Status: 301, Location: "/login"}, readiness.Fail, "not HTTPS"},
		{evidence.PlainAnswer{Status: 304}, readiness.Fail, "answers 304"},
		{evidence.PlainAnswer{Status: 403}, readiness.Fail, "answers 403"},
		{evidence.PlainAnswer{Status: 503}, readiness.Unknown, "cannot be told"},
	} {
		c.said.Host = "h"
		want(t, judged(t, "https-only", evidence.PlainAnswers, []evidence.PlainAnswer{c.said}), c.verdict, c.found)
	}
}

func TestAccess(t *testing.T) {
	refusal := func(status int) []evidence.Refusal {
		return []evidence.Refusal{{URL: "u", With: "no token", Status: status}}
	}
	want(t, judged(t, "api-refuses-strangers", evidence.WebUnauthenticated, refusal(403)), readiness.Pass, "")
	want(t, judged(t, "api-refuses-strangers", evidence.WebUnauthenticated, refusal(404)), readiness.Unknown, "answers 404")
	want(t, judged(t, "api-refuses-strangers", evidence.WebUnauthenticated, refusal(204)), readiness.Fail, "anybody")
	for _, c := range []struct {
		burst   evidence.Burst
		verdict readiness.Verdict
		found   string
	}{
		{evidence.Burst{Sent: 60, Limited: 3, Served: 57, Seconds: 0.1}, readiness.Pass, "429 within 60"},
		{evidence.Burst{Sent: 150, Served: 150, Seconds: 1}, readiness.Fail, "none with 429"},
		{evidence.Burst{Sent: 149, Served: 149, Seconds: 1}, readiness.Unknown, "too few"},
		{evidence.Burst{Sent: 150, Served: 150, Seconds: 4}, readiness.Unknown, "too slow"},
		{evidence.Burst{Sent: 200, Other: 190, Served: 10, Seconds: 1}, readiness.Unknown, "errors other than 429"},
		{evidence.Burst{}, readiness.Unknown, "nothing to look at"},
	} {
		want(t, judged(t, "api-rate-limit", evidence.WebBurst, c.burst), c.verdict, c.found)
	}
}

func TestLoginStart(t *testing.T) {
	good := evidence.LoginStart{
		URL: "https://api.portal.example.com/auth/github/start", Status: 302, Scheme: "https", Host: "github.com",
		ClientID: true, State: true, ResponseType: "code", RedirectURI: "https://portal.example.com/auth",
	}
	want(t, judged(t, "login-starts-at-provider", evidence.WebLoginStart, good), readiness.Pass, "github.com")
	for found, change := range map[string]func(*evidence.LoginStart){
		"sends people to http://":      func(l *evidence.LoginStart) { l.Scheme = "http" },
		"https://github.com.evil.test": func(l *evidence.LoginStart) { l.Host = "github.com.evil.test" },
		"no client_id":                 func(l *evidence.LoginStart) { l.ClientID = false },
		"no state":                     func(l *evidence.LoginStart) { l.State = false },
		`response_type "token"`:        func(l *evidence.LoginStart) { l.ResponseType = "token" },
		"back to https://evil.test":    func(l *evidence.LoginStart) { l.RedirectURI = "https://evil.test" },
		"back to http://portal":        func(l *evidence.LoginStart) { l.RedirectURI = "http://portal.example.com" },
		"back to https://com/":         func(l *evidence.LoginStart) { l.RedirectURI = "https://com/" },
		"answers 200 and sends nobody": func(l *evidence.LoginStart) { l.Status = 200 },
	} {
		bad := good
		change(&bad)
		want(t, judged(t, "login-starts-at-provider", evidence.WebLoginStart, bad), readiness.Fail, found)
	}
}

func TestHealthDocuments(t *testing.T) {
	good := evidence.HealthDocument{
		URL: "u", Status: 200, JSON: true, State: "healthy", API: true,
		Services: map[string]string{"database": "connected", "cache": "connected", "search": "slow"},
	}
	want(t, judged(t, "smoke-health", evidence.SmokeHealth, good), readiness.Pass, "")
	for found, change := range map[string]func(*evidence.HealthDocument){
		"answers 503: search is slow": func(h *evidence.HealthDocument) { h.Status = 503 },
		"no JSON object":              func(h *evidence.HealthDocument) { h.JSON = false },
		`its status is "degraded"`:    func(h *evidence.HealthDocument) { h.State = "degraded" },
		"says nothing of database":    func(h *evidence.HealthDocument) { h.Services = map[string]string{"cache": "connected"} },
		`cache is ""`:                 func(h *evidence.HealthDocument) { h.Services = map[string]string{"database": "connected", "cache": ""} },
	} {
		bad := good
		change(&bad)
		want(t, judged(t, "smoke-health", evidence.SmokeHealth, bad), readiness.Fail, found)
	}
	portal := evidence.HealthDocument{URL: "u", Status: 200}
	want(t, judged(t, "web-health-documents", evidence.WebHealth, []evidence.HealthDocument{portal}), readiness.Pass, "")
	portal.Services = map[string]string{"database": "disconnected"}
	want(t, judged(t, "web-health-documents", evidence.WebHealth, []evidence.HealthDocument{portal}), readiness.Fail, "disconnected")
}

func TestSmoke(t *testing.T) {
	want(t, judged(t, "smoke-homepage", evidence.SmokeHomepage, evidence.Homepage{URL: "u", Status: 200, ContentType: "application/json"}), readiness.Fail, "application/json")
	want(t, judged(t, "smoke-plugins", evidence.SmokePlugins, evidence.PluginListing{URL: "u", Status: 200, Success: true, Listed: true}), readiness.Pass, "0 plugins")
	want(t, judged(t, "smoke-plugins", evidence.SmokePlugins, evidence.PluginListing{URL: "u", Status: 401}), readiness.Fail, "answers 401")
	login := evidence.Login{URL: "u", Status: 200, Token: true, Accepted: 200, Impostor: 401}
	want(t, judged(t, "smoke-login", evidence.SmokeLogin, login), readiness.Pass, "")
	login.Accepted = 401
	want(t, judged(t, "smoke-login", evidence.SmokeLogin, login), readiness.Fail, "the API answers 401")
	login.Accepted, login.Impostor = 200, 200
	want(t, judged(t, "smoke-login", evidence.SmokeLogin, login), readiness.Fail, "does not exist")
}

func TestResponseTimes(t *testing.T) {
	timing := func(status int, totals ...float64) []evidence.Timing {
		taken := evidence.Timing{URL: "u"}
		for _, total := range totals {
			taken.Samples = append(taken.Samples, evidence.Sample{Status: status, Total: total})
		}
		return []evidence.Timing{taken}
	}
	fast := make([]float64, 20)
	for i := range fast {
		fast[i] = 100
	}
	fast[7] = 9000
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(200, fast...)), readiness.Pass, "median 100ms, p95 100ms")
	fast[8] = 501
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(200, fast...)), readiness.Fail, "take up to 501ms")
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(200, fast[3:8]...)), readiness.Fail, "take up to 9s")
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(200, fast[:4]...)), readiness.Unknown, "timed 4 times")
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(401, fast...)), readiness.Unknown, "set web.token")
	want(t, judged(t, "web-response-times", evidence.WebTimings, timing(503, fast...)), readiness.Fail, "answers 503")
}

func TestNames(t *testing.T) {
	name := evidence.DNSName{Name: "n", Exists: true, Addresses: []string{"10.0.0.1"}, TTL: 300}
	for _, id := range []string{"dns-names-resolve", "dns-aliases-hold", "dns-times-to-live"} {
		want(t, judged(t, id, evidence.DNSNames, []evidence.DNSName{name}), readiness.Pass, "")
	}
	name.TTL = 301
	want(t, judged(t, "dns-times-to-live", evidence.DNSNames, []evidence.DNSName{name}), readiness.Fail, "5m1s")
	name.Addresses = nil
	want(t, judged(t, "dns-times-to-live", evidence.DNSNames, []evidence.DNSName{name}), readiness.Unknown, "nothing to look at")
	want(t, judged(t, "dns-names-resolve", evidence.DNSNames, []evidence.DNSName{name}), readiness.Fail, "no address")
	want(t, judged(t, "dns-certificate-issuers", evidence.DNSCAA, []evidence.CAA{{Name: "n", Issuers: []string{";"}}}), readiness.Pass, "")
	want(t, judged(t, "dns-certificate-issuers", evidence.DNSCAA, []evidence.CAA{{Name: "n", At: "n"}}), readiness.Fail, "no CAA record with issue")
}
