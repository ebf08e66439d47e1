package web

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var reachable = judge.Checker{
	ID:       "web-reachable",
	Expected: "the portal and the API answer over the way that users take, from here",
	Needs:    needs(evidence.WebReach),
	Judge: func(c *judge.Case) {
		for _, r := range judge.Read(c, evidence.WebReach) {
			c.Require(r.Status < http.StatusInternalServerError, r.URL, "%s answers %d", r.Address, r.Status)
			c.Note("%s: %d", r.URL, r.Status)
		}
	},
}

var health = judge.Checker{
	ID:       "web-health-documents",
	Expected: "both health documents say that all is well",
	Needs:    needs(evidence.WebHealth),
	Judge: func(c *judge.Case) {
		c.Expect("both health documents answer 200, and the API's says that %s are connected", strings.Join(c.Texts("services"), " and "))
		for _, h := range judge.Read(c, evidence.WebHealth) {
			judgeHealth(c, h)
		}
	},
}

// judgeHealth wants the guide's document of the API. The portal's need only be
// 200 (curl -f), but must not say that it is unwell.
func judgeHealth(c *judge.Case, h evidence.HealthDocument) {
	if h.Status != http.StatusOK {
		c.Fail(h.URL, "answers %d%s", h.Status, unwell(h))
		return
	}
	if h.API && !h.JSON {
		c.Fail(h.URL, "answers no JSON object but %q", h.ContentType)
		return
	}
	c.Saw()
	c.Note("%s: %s", h.URL, strings.TrimSpace(h.State+" 200"))
	if h.API || h.State != "" {
		c.Require(slices.Contains(c.Texts("healthyStates"), h.State), h.URL, "its status is %q", h.State)
	}
	for _, service := range c.Texts("services") {
		state, said := h.Services[service]
		switch {
		case said:
			c.Require(state == connected, h.URL, "%s is %q", service, state)
		case h.API:
			c.FailWith(h.URL, serviceRemedy, "says nothing of %s", service)
		}
	}
}

// serviceRemedy is for Backstage, whose own document is {"status":"ok"} (Backstage,
// "Root Health Service").
const serviceRemedy = `have the document name them: in a Backstage backend, give coreServices.rootHealth a factory of your own whose getReadiness asks both and answers {"status":"healthy","services":{"database":"connected","cache":"connected"}}, and 503 when one is gone`

// connected is the guide's word for a service that answers.
const connected = "connected"

// unwell says what a document tells of services that do not answer.
func unwell(h evidence.HealthDocument) string {
	var parts []string
	for service, state := range h.Services {
		if state != connected {
			parts = append(parts, service+" is "+state)
		}
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
