package web

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var contentPolicy = judge.Checker{
	ID:       "http-content-security-policy",
	Expected: "every answer enforces a Content-Security-Policy that lets no foreign or inline script run",
	Needs:    needs(evidence.WebPages),
	Judge: func(c *judge.Case) {
		for _, p := range pages(c) {
			switch {
			case p.ContentSecurityPolicy == "" && p.ReportOnly != "":
				c.FailWith(name(p), "send it as Content-Security-Policy", "the policy is only reported, not enforced")
			case p.ContentSecurityPolicy == "":
				c.Fail(name(p), "Content-Security-Policy is missing")
			default:
				weak := scriptsWeak(p.ContentSecurityPolicy)
				c.Require(weak == "", name(p), "the Content-Security-Policy does not stop scripts: %s", weak)
			}
		}
	},
}

// directives takes a policy apart, by lower-case name. The first of a name
// counts (CSP3, 2.2.1).
func directives(policy string) map[string][]string {
	found := map[string][]string{}
	for part := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(strings.ToLower(part))
		if len(words) == 0 {
			continue
		}
		if _, twice := found[words[0]]; !twice {
			found[words[0]] = words[1:]
		}
	}
	return found
}

// scriptsWeak says why no policy of the header stops foreign scripts; "" when
// one does. All policies are enforced, so one is enough.
func scriptsWeak(header string) string {
	why := ""
	for policy := range strings.SplitSeq(header, ",") {
		d := directives(policy)
		sources, set := d["script-src"]
		if !set {
			sources, set = d["default-src"]
		}
		if !set {
			why = "it has neither script-src nor default-src"
			continue
		}
		if why = loose(sources); why == "" {
			return ""
		}
	}
	return why
}

// loose says which source of scripts lets anything run. With a nonce or a hash,
// browsers ignore 'unsafe-inline', and with 'strict-dynamic' hosts and schemes
// too (CSP3, 6.7.3 and 8.2).
func loose(sources []string) string {
	named := slices.ContainsFunc(sources, func(s string) bool {
		return strings.HasPrefix(s, "'nonce-") || strings.HasPrefix(s, "'sha")
	})
	dynamic := named && slices.Contains(sources, "'strict-dynamic'")
	for _, s := range sources {
		switch {
		case s == "'unsafe-inline'" && !named:
			return "inline scripts run ('unsafe-inline')"
		case slices.Contains([]string{"*", "http:", "https:", "data:", "http://*", "https://*"}, s) && !dynamic:
			return "scripts of anybody run (" + s + ")"
		}
	}
	return ""
}

// ancestorsLimited tells whether frame-ancestors names who may frame a page.
func ancestorsLimited(header string) bool {
	for policy := range strings.SplitSeq(header, ",") {
		sources, set := directives(policy)["frame-ancestors"]
		open := slices.ContainsFunc(sources, func(s string) bool {
			return slices.Contains([]string{"*", "http:", "https:", "http://*", "https://*"}, s)
		})
		if set && !open {
			return true
		}
	}
	return false
}
