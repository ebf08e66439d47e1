package web

import (
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var namesResolve = judge.Checker{
	ID:       "dns-names-resolve",
	Expected: "every name of the environment resolves to an address",
	Needs:    needs(evidence.DNSNames),
	Judge: func(c *judge.Case) {
		for _, n := range judge.Read(c, evidence.DNSNames) {
			switch {
			case !n.Exists:
				c.FailWith(n.Name, "make the record, and check that the parent zone delegates to ours", "the name does not exist (NXDOMAIN)")
			case len(n.Addresses) == 0:
				c.Fail(n.Name, "the name has no address")
			default:
				c.Saw()
				c.Note("%s: %s", n.Name, strings.Join(n.Addresses, ", "))
			}
		}
	},
}

var aliasesHold = judge.Checker{
	ID:       "dns-aliases-hold",
	Expected: "no name is an alias of one that does not exist, which a stranger could register",
	Needs:    needs(evidence.DNSNames),
	Judge: func(c *judge.Case) {
		for _, n := range judge.Read(c, evidence.DNSNames) {
			c.Require(n.Dangling == "", n.Name, "it is an alias of %s, which does not exist", n.Dangling)
		}
	},
}

var timesToLive = judge.Checker{
	ID:       "dns-times-to-live",
	Expected: "names can be moved soon",
	Needs:    needs(evidence.DNSNames),
	Judge: func(c *judge.Case) {
		most := c.Duration("longestTTL")
		c.Expect("no answer for a name may be kept for longer than %s, so that it can be moved", most)
		for _, n := range judge.Read(c, evidence.DNSNames) {
			if len(n.Addresses) == 0 {
				continue
			}
			ttl := time.Duration(n.TTL) * time.Second
			c.Require(ttl <= most, n.Name, "its answers are kept for %s", ttl)
		}
	},
}

var issuersNamed = judge.Checker{
	ID:       "dns-certificate-issuers",
	Expected: "a CAA record says who may issue certificates for every name",
	Needs:    needs(evidence.DNSCAA),
	Judge: func(c *judge.Case) {
		for _, r := range judge.Read(c, evidence.DNSCAA) {
			if len(r.Issuers) == 0 {
				c.FailWith(r.Name, `add a record such as: CAA 0 issue "amazon.com"`, "any authority may issue certificates: there is no CAA record with issue")
				continue
			}
			c.Saw()
			c.Note("%s: %s", r.Name, strings.Join(r.Issuers, ", "))
		}
	},
}
