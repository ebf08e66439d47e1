package web

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var strangersRefused = judge.Checker{
	ID:       "api-refuses-strangers",
	Expected: "the API answers 401 or 403 to requests without a token and with a made-up one",
	Needs:    needs(evidence.WebUnauthenticated),
	Judge: func(c *judge.Case) {
		for _, r := range judge.Read(c, evidence.WebUnauthenticated) {
			where := r.URL + " with " + r.With
			switch {
			case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
				c.Saw()
				c.Note("%s: %d", r.With, r.Status)
			case success(r.Status):
				c.FailWith(where, "ask for a token on every path of the API", "it answers %d: anybody may read it", r.Status)
			default:
				c.Unknown("%s answers %d: that says neither that strangers are refused nor that they are let in", where, r.Status)
			}
		}
	},
}

var rateLimit = judge.Checker{
	ID:       "api-rate-limit",
	Expected: "a client that sends many requests at once is answered 429",
	Needs:    needs(evidence.WebBurst),
	Judge: func(c *judge.Case) {
		requests, pace := c.Int("burst"), c.Number("burstPerSecond")
		c.Expect("a client that sends %d requests at %.0f a second is answered 429", requests, pace)
		b := judge.Read(c, evidence.WebBurst)
		switch {
		case b.Limited > 0:
			c.Saw()
			c.Note("429 within %d requests in %.1f s", b.Sent, b.Seconds)
		case b.Sent == 0: // the reason is known already
		case b.Other > b.Served:
			c.Unknown("%s answered %d of %d requests with errors other than 429", b.URL, b.Other, b.Sent)
		case b.Sent-b.Failed < requests:
			c.Unknown("%d requests were answered, too few to meet a limit; %d are wanted", b.Sent-b.Failed, requests)
		case float64(b.Sent) < pace*b.Seconds:
			c.Unknown("%d requests took %.1f s, too slow to meet a limit", b.Sent, b.Seconds)
		default:
			c.FailWith(b.URL, "limit requests at the ingress or the firewall", "%d requests in %.1f s were all answered, none with 429", b.Sent, b.Seconds)
		}
	},
}

var loginStart = judge.Checker{
	ID:       "login-starts-at-provider",
	Expected: "signing in begins at the identity provider, by the authorisation code flow with a state",
	Needs:    needs(evidence.WebLoginStart),
	Judge: func(c *judge.Case) {
		providers := c.Texts("identityProviders")
		c.Expect("signing in begins at %s, by the authorisation code flow with a state", strings.Join(providers, " or "))
		l := judge.Read(c, evidence.WebLoginStart)
		if l.Status == 0 {
			return
		}
		if !moved(l.Status) {
			c.Fail(l.URL, "answers %d and sends nobody to a provider", l.Status)
			return
		}
		c.Require(l.Scheme == "https" && slices.Contains(providers, strings.ToLower(l.Host)), l.URL, "sends people to %s://%s", l.Scheme, l.Host)
		c.Require(l.ClientID, l.URL, "sends no client_id")
		c.Require(l.State, l.URL, "sends no state: a login can be forged")
		c.Require(l.ResponseType == "code", l.URL, "asks for response_type %q, which is not the code flow", l.ResponseType)
		c.Require(l.RedirectURI == "" || home(l.RedirectURI, l.URL), l.URL, "has the provider send people back to %s", l.RedirectURI)
		c.Note("%s sends people to %s%s", l.URL, l.Host, l.Path)
	},
}
