// Package edge judges what stands between the internet and the load balancer:
// the distribution, its firewall, its certificates, the names that lead to it,
// and the checks that watch it from outside, as AWS configures them.
//
// What the portal really answers over HTTP is judged elsewhere, by asking it.
package edge

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of the edge.
func Checkers() []judge.Checker {
	return []judge.Checker{
		firewallInFront, managedRules, firewallLog, rateLimit,
		absorbed, encrypted, certificates, records, watched, reachable,
	}
}

func needs(names ...evidence.Name) []evidence.Name { return names }
