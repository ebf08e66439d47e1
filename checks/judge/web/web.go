// Package web judges what the portal and its API serve to anybody: TLS, headers,
// health documents, the guide's smoke tests, times, and the names in DNS.
//
// What a load test came to is an artefact, and judged in quality; certificates
// and firewalls as AWS or Kubernetes hold them are judged in edge and access.
package web

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		reachable,
		tlsVersions, tlsChain, tlsExpiry, tlsCiphers, httpsOnly,
		hsts, contentPolicy, framing, contentHeaders, softwareHidden, crossOrigin, cookies,
		strangersRefused, rateLimit, loginStart,
		health, responseTimes,
		smokeHomepage, smokeHealth, smokePlugins, smokeLogin,
		namesResolve, aliasesHold, timesToLive, issuersNamed,
	}
}

// needs are the names of queries.
func needs[T any](queries ...evidence.Query[T]) []evidence.Name {
	var names []evidence.Name
	for _, q := range queries {
		names = append(names, q.Name())
	}
	return names
}

// success tells whether a status is one of 2xx, moved one of 3xx.
func success(status int) bool { return status >= 200 && status < 300 }
func moved(status int) bool   { return slices.Contains([]int{301, 302, 303, 307, 308}, status) }
