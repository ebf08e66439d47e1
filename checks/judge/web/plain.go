package web

import (
	"net/url"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var httpsOnly = judge.Checker{
	ID:       "https-only",
	Expected: "plain HTTP is sent on to HTTPS, or not answered at all, on every host",
	Needs:    needs(evidence.PlainAnswers),
	Judge: func(c *judge.Case) {
		for _, said := range judge.Read(c, evidence.PlainAnswers) {
			where := "http://" + said.Host
			to, err := url.Parse(said.Location)
			switch {
			case said.Closed:
				c.Saw()
				c.Note("%s: the port is closed", where)
			case said.Status >= 500:
				c.Unknown("%s answers %d: whether it serves anything without TLS cannot be told", where, said.Status)
			case !moved(said.Status):
				c.FailWith(where, "send plain HTTP on to HTTPS", "answers %d without TLS", said.Status)
			case err != nil || to.Scheme != "https":
				c.Fail(where, "is sent on to %q, which is not HTTPS", said.Location)
			case !strings.EqualFold(to.Hostname(), said.Host):
				c.Fail(where, "is sent on to another host, %s: a browser never learns this one's HSTS", to.Hostname())
			default:
				c.Saw()
				c.Note("%s: %d to HTTPS", where, said.Status)
			}
		}
	},
}
