package edge

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// firewallInFront serves NET-1 and SEC-5: a web ACL that nothing passes through
// protects nothing.
var firewallInFront = judge.Checker{
	ID:       "waf-in-front",
	Expected: "a web ACL stands before the portal's distribution or load balancer",
	Needs:    needs(evidence.AWSWebACL.Name(), evidence.AWSDistribution.Name()),
	Judge: func(c *judge.Case) {
		acl, all := judge.Whole(c, evidence.AWSWebACL)
		d, problems := judge.Try(c, evidence.AWSDistribution)
		switch {
		case len(problems) == 0:
			switch {
			case d.WebACL == "":
				c.FailWith("distribution "+d.ID, "associate the web ACL with the distribution", "has no web ACL")
			case acl.ARN != "" && d.WebACL != acl.ARN:
				c.Fail("distribution "+d.ID, "stands behind %s, not behind the environment's web ACL %s", d.WebACL, acl.ARN)
			default:
				c.Saw()
				c.Note("the distribution %s stands behind the web ACL %s", d.Domain, acl.Name)
			}
		case len(acl.Balancers) > 0:
			c.Saw()
			c.Note("the web ACL %s stands before %d load balancers", acl.Name, len(acl.Balancers))
		case onlyNotConfigured(problems) && all && strings.Contains(acl.ARN, ":regional/"):
			c.FailWith("web ACL "+acl.Name, "associate it with the ingress's load balancer", "stands before no load balancer")
		default:
			judge.Read(c, evidence.AWSDistribution) // says why it cannot be told
		}
	},
}

func onlyNotConfigured(problems []evidence.Problem) bool {
	return !slices.ContainsFunc(problems, func(p evidence.Problem) bool { return p.Kind != evidence.NotConfigured })
}

// withFirewall reads the web ACL and fails when there is none.
func withFirewall(c *judge.Case, look func(evidence.WebACL)) {
	acl, all := judge.Whole(c, evidence.AWSWebACL)
	switch {
	case acl.ARN != "":
		look(acl)
	case all:
		c.FailWith("distribution", "make a web ACL and associate it", "has no web ACL")
	}
}

// managedRules serves NET-1 and SEC-5. A group that is overridden to count, or
// looks at a part of the requests, blocks nothing, or a part.
var managedRules = judge.Checker{
	ID:       "waf-managed-rules",
	Expected: "the web ACL blocks by AWS's managed rule groups",
	Needs:    needs(evidence.AWSWebACL.Name()),
	Judge: func(c *judge.Case) {
		groups, allowed := c.Texts("wafGroups"), c.Texts("wafCountedAllowed")
		c.Expect("the web ACL blocks by %s; no rule of them only counts but %s", strings.Join(groups, ", "), strings.Join(allowed, ", "))
		withFirewall(c, func(acl evidence.WebACL) {
			for _, group := range groups {
				judgeGroup(c, acl, group, allowed)
			}
			c.Note("%s blocks by %s", acl.Name, strings.Join(groups, ", "))
		})
	},
}

func judgeGroup(c *judge.Case, acl evidence.WebACL, group string, allowed []string) {
	where := "web ACL " + acl.Name + ", group " + group
	at := slices.IndexFunc(acl.Rules, func(r evidence.WebRule) bool { return r.Group == group })
	if at < 0 {
		c.FailWith(where, "add the managed rule group", "is not among its rules")
		return
	}
	rule := acl.Rules[at]
	var counted []string
	for _, name := range rule.Counted {
		if !slices.Contains(allowed, name) {
			counted = append(counted, name)
		}
	}
	switch before := opener(acl, at); {
	case rule.Action == "COUNT":
		c.FailWith(where, "take the override of the group back to none", "only counts: its override action is Count")
	case rule.Scoped:
		c.Fail(where, "looks at a part of the requests only: it has a scope-down statement")
	case len(counted) > 0:
		c.FailWith(where, "take the overrides back, or name them in the threshold wafCountedAllowed with a reason", "does not block by %s", strings.Join(counted, ", "))
	case before != "":
		c.Fail(where, "is not asked for what the rule %s allows before it", before)
	default:
		c.Saw()
	}
}

// opener is a rule before the one at the place given that lets requests through:
// what it allows, no later rule sees.
func opener(acl evidence.WebACL, at int) string {
	for _, rule := range acl.Rules[:at] {
		if rule.Action == "ALLOW" {
			return rule.Name
		}
	}
	return ""
}

// firewallLog serves SEC-5 and SEC-6: without a log nobody can tell what was
// blocked, and with credentials in it the log is a leak.
var firewallLog = judge.Checker{
	ID:       "waf-log",
	Expected: "the web ACL logs requests without the headers that carry credentials",
	Needs:    needs(evidence.AWSWebLog.Name()),
	Judge: func(c *judge.Case) {
		headers := c.Texts("wafRedacted")
		c.Expect("the web ACL logs requests without the headers %s", strings.Join(headers, ", "))
		log, all := judge.Whole(c, evidence.AWSWebLog)
		where := "web ACL " + log.ACL
		switch {
		case !all:
			return
		case log.ACL == "":
			c.Fail("distribution", "has no web ACL, which could log")
			return
		case !log.Logged:
			c.FailWith(where, "give it a logging configuration", "logs nothing")
			return
		}
		for _, header := range headers {
			c.Require(slices.Contains(log.Redacted, strings.ToLower(header)), where, "logs the header %s in plain", header)
		}
		c.Saw()
		c.Note("%s logs requests without %s", log.ACL, strings.Join(headers, ", "))
	},
}

// window is the time that limits are compared over, in seconds: WAF's usual one.
const window = 300

// rateLimit serves NET-2, AUTH-3 and SEC-5. A rule that counts, that looks at a
// part of the requests, or that comes after one that lets them through stops no
// flood.
var rateLimit = judge.Checker{
	ID:       "waf-rate-limit",
	Expected: "a rate-based rule blocks who sends too much",
	Needs:    needs(evidence.AWSWebACL.Name()),
	Judge: func(c *judge.Case) {
		most := c.Int("wafMostRequests")
		c.Expect("a rate-based rule of the web ACL blocks who sends more than %d requests in five minutes", most)
		withFirewall(c, func(acl evidence.WebACL) {
			var faults []string
			for at, rule := range acl.Rules {
				if rule.Rate == nil || rule.Rate.Seconds <= 0 {
					continue
				}
				over := rule.Rate.Limit * window / rule.Rate.Seconds
				fault := ""
				switch before := opener(acl, at); {
				case rule.Action == "COUNT":
					fault = "only counts"
				case rule.Action != "BLOCK":
					fault = "answers with " + rule.Action + ", which clients of an API are not stopped by"
				case rule.Scoped:
					fault = "looks at a part of the requests only"
				case rule.Rate.Key == "CONSTANT":
					fault = "counts everybody together, so that one sender shuts all out"
				case before != "":
					fault = "is not asked for what the rule " + before + " allows before it"
				case over > int64(most):
					fault = fmt.Sprintf("allows %d requests in five minutes", over)
				default:
					c.Saw()
					c.Note("the rule %s blocks above %d requests in %d s by %s", rule.Name, rule.Rate.Limit, rule.Rate.Seconds, rule.Rate.Key)
					return
				}
				faults = append(faults, "the rule "+rule.Name+" "+fault)
			}
			if len(faults) == 0 {
				faults = []string{"has no rate-based rule"}
			}
			c.FailWith("web ACL "+acl.Name, "add a rate-based rule with the action Block before the others", "%s", strings.Join(faults, "; "))
		})
	},
}
