package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// pages reads the answers, and wants good ones and errors among them: a header
// that errors lack does not protect (readiness guide, "Security Validation").
func pages(c *judge.Case) []evidence.Page {
	all := judge.Read(c, evidence.WebPages)
	isError := func(p evidence.Page) bool { return p.Status >= 400 }
	if len(all) > 0 && !slices.ContainsFunc(all, isError) {
		c.Unknown("no page answered with an error, so nothing is known of errors")
	}
	if len(all) > 0 && !slices.ContainsFunc(all, func(p evidence.Page) bool { return !isError(p) }) {
		c.Unknown("every page answered with an error, so nothing is known of the others")
	}
	return all
}

// name names a page in a failure.
func name(p evidence.Page) string { return fmt.Sprintf("%s (%d)", p.URL, p.Status) }

var hsts = judge.Checker{
	ID:       "http-strict-transport-security",
	Expected: "every answer over TLS, errors and redirects too, sends Strict-Transport-Security",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		least := c.Int("hstsSeconds")
		c.Expect("every answer over TLS, errors and redirects too, sends Strict-Transport-Security with max-age=%d or more", least)
		for _, p := range pages(c) {
			seconds, sent := maxAge(p.StrictTransportSecurity)
			switch {
			case p.StrictTransportSecurity == "":
				c.FailWith(name(p), "send it always, such as add_header … always in nginx", "Strict-Transport-Security is missing")
			case !sent:
				c.Fail(name(p), "Strict-Transport-Security has no max-age: %q", p.StrictTransportSecurity)
			default:
				c.Require(seconds >= least, name(p), "Strict-Transport-Security has max-age=%d", seconds)
			}
		}
	},
}

// maxAge reads the directive of that name (RFC 6797, 6.1.1).
func maxAge(header string) (int, bool) {
	for directive := range strings.SplitSeq(header, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if strings.EqualFold(strings.TrimSpace(key), "max-age") {
			seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			return seconds, err == nil
		}
	}
	return 0, false
}

var framing = judge.Checker{
	ID:       "http-frame-protection",
	Expected: "every answer forbids foreign frames, by X-Frame-Options or by frame-ancestors",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		for _, p := range pages(c) {
			options := strings.ToUpper(strings.TrimSpace(p.FrameOptions))
			switch {
			case options == "DENY", options == "SAMEORIGIN", ancestorsLimited(p.ContentSecurityPolicy):
				c.Saw()
			case options == "":
				c.Fail(name(p), "neither X-Frame-Options nor frame-ancestors is sent")
			default:
				c.Fail(name(p), "X-Frame-Options is %q, which browsers ignore", p.FrameOptions)
			}
		}
	},
}

// harmless are the referrer policies that tell other sites an origin at most.
var harmless = []string{
	"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "origin", "origin-when-cross-origin",
}

var contentHeaders = judge.Checker{
	ID:       "http-content-headers",
	Expected: "every answer sends X-Content-Type-Options: nosniff and a Referrer-Policy that keeps paths to itself",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		for _, p := range pages(c) {
			c.Require(strings.EqualFold(strings.TrimSpace(p.ContentTypeOptions), "nosniff"), name(p), "X-Content-Type-Options is %q", p.ContentTypeOptions)
			// The last that a browser knows counts.
			policies := strings.Split(p.ReferrerPolicy, ",")
			last := strings.ToLower(strings.TrimSpace(policies[len(policies)-1]))
			c.Require(slices.Contains(harmless, last), name(p), "Referrer-Policy is %q", p.ReferrerPolicy)
		}
	},
}

var softwareHidden = judge.Checker{
	ID:       "http-software-hidden",
	Expected: "no answer tells the version of the software behind it",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		for _, p := range pages(c) {
			c.Require(!strings.ContainsFunc(p.Server, unicode.IsDigit), name(p), "Server is %q", p.Server)
			c.Require(p.PoweredBy == "", name(p), "X-Powered-By is %q", p.PoweredBy)
		}
	},
}

var crossOrigin = judge.Checker{
	ID:       "http-cross-origin",
	Expected: "no answer lets a foreign site read it (Access-Control-Allow-Origin)",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		for _, p := range pages(c) {
			open := slices.Contains([]string{"*", "null", evidence.ForeignOrigin}, p.AllowOrigin)
			with := ""
			if strings.EqualFold(p.AllowCredentials, "true") {
				with = ", with credentials"
			}
			c.Require(!open, name(p), "a request from %s is answered with Access-Control-Allow-Origin: %s%s", evidence.ForeignOrigin, p.AllowOrigin, with)
		}
	},
}

var cookies = judge.Checker{
	ID:       "http-cookies",
	Expected: "every cookie is Secure and HttpOnly, but for those that scripts must read",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		readable := c.Texts("readableCookies")
		set := 0
		for _, p := range judge.Read(c, evidence.WebPages) {
			for _, cookie := range p.Cookies {
				set++
				where := name(p) + ", cookie " + cookie.Name
				c.Require(cookie.Secure, where, "it is not Secure: it is sent without TLS too")
				c.Require(cookie.HTTPOnly || slices.Contains(readable, cookie.Name), where, "it is not HttpOnly: scripts can read it")
			}
		}
		if set == 0 {
			c.NotApplicable("no answer set a cookie")
		}
	},
}
