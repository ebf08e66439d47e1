package web_test

import (
	"testing"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

func TestHeaders(t *testing.T) {
	good := evidence.Page{
		URL: "https://h/", Status: 200, StrictTransportSecurity: `includeSubDomains; Max-Age="31536000"`,
		ContentSecurityPolicy: "default-src 'self'", FrameOptions: "sameorigin", ContentTypeOptions: "nosniff",
		ReferrerPolicy: "no-referrer, unknown, strict-origin", Server: "nginx",
	}
	failed := good
	failed.Status = 404
	const (
		transport, policy, frames, content = "http-strict-transport-security", "http-content-security-policy", "http-frame-protection", "http-content-headers"
	)
	all := []string{transport, policy, frames, content, "http-software-hidden", "http-cross-origin"}
	for _, id := range all {
		want(t, judged(t, id, evidence.WebPages, []evidence.Page{good, failed}), readiness.Pass, "")
		want(t, judged(t, id, evidence.WebPages, []evidence.Page{good}), readiness.Unknown, "nothing is known of errors")
		want(t, judged(t, id, evidence.WebPages, []evidence.Page{failed}), readiness.Unknown, "nothing is known of the others")
	}
	for _, c := range []struct {
		id     string
		change func(*evidence.Page)
		found  string
	}{
		{transport, func(p *evidence.Page) { p.StrictTransportSecurity = "max-age=31535999" }, "https://h/ (404): Strict-Transport-Security has max-age=31535999"},
		{transport, func(p *evidence.Page) { p.StrictTransportSecurity = "includeSubDomains" }, "no max-age"},
		{transport, func(p *evidence.Page) { p.StrictTransportSecurity = "max-age=a year" }, "no max-age"},
		{policy, func(p *evidence.Page) { p.ContentSecurityPolicy = "frame-ancestors 'none'" }, "neither script-src"},
		{policy, func(p *evidence.Page) { p.ContentSecurityPolicy = "default-src 'none'; script-src *" }, "scripts of anybody"},
		{policy, func(p *evidence.Page) { p.ContentSecurityPolicy = "script-src 'self' 'unsafe-inline'" }, "inline scripts run"},
		{policy, func(p *evidence.Page) { p.ContentSecurityPolicy = "script-src https:; script-src 'self'" }, "scripts of anybody"},
		{frames, func(p *evidence.Page) { p.FrameOptions = "ALLOW-FROM https://x" }, "browsers ignore"},
		{frames, func(p *evidence.Page) { p.FrameOptions, p.ContentSecurityPolicy = "", "frame-ancestors *" }, "neither"},
		{content, func(p *evidence.Page) { p.ContentTypeOptions = "" }, "X-Content-Type-Options"},
		{content, func(p *evidence.Page) { p.ReferrerPolicy = "no-referrer, unsafe-url" }, "unsafe-url"},
		{"http-software-hidden", func(p *evidence.Page) { p.Server = "Apache/2.4" }, "Apache"},
		{"http-software-hidden", func(p *evidence.Page) { p.PoweredBy = "Express" }, "Express"},
		{"http-cross-origin", func(p *evidence.Page) { p.AllowOrigin, p.AllowCredentials = evidence.ForeignOrigin, "true" }, "with credentials"},
		{"http-cross-origin", func(p *evidence.Page) { p.AllowOrigin = "null" }, "Origin: null"},
	} {
		bad := failed
		c.change(&bad)
		want(t, judged(t, c.id, evidence.WebPages, []evidence.Page{good, bad}), readiness.Fail, c.found)
	}
	for id, change := range map[string]func(*evidence.Page){
		policy: func(p *evidence.Page) {
			p.ContentSecurityPolicy = "script-src https: 'unsafe-inline' 'nonce-x' 'strict-dynamic'"
		},
		policy + " ": func(p *evidence.Page) {
			p.ContentSecurityPolicy = "upgrade-insecure-requests, script-src 'self' 'unsafe-eval'"
		},
		frames:               func(p *evidence.Page) { p.FrameOptions, p.ContentSecurityPolicy = "", "frame-ancestors 'none'" },
		"http-cross-origin":  func(p *evidence.Page) { p.AllowOrigin = "https://portal.example.com" },
		"http-cross-origin ": func(p *evidence.Page) { p.AllowCredentials = "true" },
	} {
		other := failed
		change(&other)
		for id[len(id)-1] == ' ' {
			id = id[:len(id)-1]
		}
		want(t, judged(t, id, evidence.WebPages, []evidence.Page{good, other}), readiness.Pass, "")
	}
}

func TestCookies(t *testing.T) {
	page := func(cookies ...evidence.Cookie) []evidence.Page { return []evidence.Page{{URL: "u", Cookies: cookies}} }
	want(t, judged(t, "http-cookies", evidence.WebPages, page()), readiness.NotApplicable, "no answer set a cookie")
	want(t, judged(t, "http-cookies", evidence.WebPages, page(evidence.Cookie{Secure: true, HTTPOnly: true})), readiness.Pass, "")
	want(t, judged(t, "http-cookies", evidence.WebPages, page(evidence.Cookie{Name: "csrf", Secure: true})), readiness.Fail, "scripts can read it")
}
