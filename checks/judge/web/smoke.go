package web

import (
	"net/http"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// The four are the readiness guide's "Smoke Tests", in its order.

var smokeHomepage = judge.Checker{
	ID:       "smoke-homepage",
	Expected: "the portal's first page answers 200 with HTML",
	Needs:    needs(evidence.SmokeHomepage),
	Judge: func(c *judge.Case) {
		p := judge.Read(c, evidence.SmokeHomepage)
		if p.Status == 0 {
			return
		}
		c.Require(p.Status == http.StatusOK, p.URL, "answers %d", p.Status)
		c.Require(strings.Contains(p.ContentType, "text/html"), p.URL, "is of type %q", p.ContentType)
		c.Require(p.HTML, p.URL, "holds %d bytes that are no HTML page", p.Bytes)
		c.Note("%s: 200, %d bytes of HTML", p.URL, p.Bytes)
	},
}

var smokeHealth = judge.Checker{
	ID:       "smoke-health",
	Expected: "the API's health document answers 200 and says that all is well",
	Needs:    needs(evidence.SmokeHealth),
	Judge: func(c *judge.Case) {
		c.Expect("the API's health document answers 200 and says that %s are connected", strings.Join(c.Texts("services"), " and "))
		if h := judge.Read(c, evidence.SmokeHealth); h.Status != 0 {
			judgeHealth(c, h)
		}
	},
}

var smokePlugins = judge.Checker{
	ID:       "smoke-plugins",
	Expected: "the plugin listing answers 200 with success and a list of plugins, to a token",
	Needs:    needs(evidence.SmokePlugins),
	Judge: func(c *judge.Case) {
		p := judge.Read(c, evidence.SmokePlugins)
		if p.Status == 0 {
			return
		}
		if p.Status != http.StatusOK {
			c.Fail(p.URL, "answers %d", p.Status)
			return
		}
		c.Require(p.Success, p.URL, "does not say success: true")
		c.Require(p.Listed, p.URL, "has no list at data.plugins")
		c.Note("%s: %d plugins", p.URL, p.Count)
	},
}

var smokeLogin = judge.Checker{
	ID:       "smoke-login",
	Expected: "the smoke tests' user gets a token that the API takes, and a made-up user gets none",
	Needs:    needs(evidence.SmokeLogin),
	Judge: func(c *judge.Case) {
		l := judge.Read(c, evidence.SmokeLogin)
		if l.Status == 0 {
			return
		}
		if l.Status != http.StatusOK || !l.Token {
			c.Fail(l.URL, "answers %d, token given: %t", l.Status, l.Token)
			return
		}
		if l.Accepted != 0 {
			c.Require(success(l.Accepted), l.URL, "gives a token to which the API answers %d", l.Accepted)
		}
		if l.Impostor != 0 {
			c.Require(!success(l.Impostor), l.URL, "answers %d to a user who does not exist", l.Impostor)
		}
		c.Note("%s gives a token that the API takes", l.URL)
	},
}
