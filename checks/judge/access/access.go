// Package access judges who may do what in the cluster, and what proves who is
// who: roles, service accounts, secrets, certificates, sign-on and the mesh.
//
// AWS's own access is judged with the edge and compliance.
package access

import (
	"path"
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		wildcards, admins, secretReaders, accounts, rights,
		meshStrict, meshClients, meshEnrolment,
		externalSecrets, secretStores, plaintext,
		signOn, oauth, certificates,
	}
}

// needs names queries.
func needs(names ...evidence.Name) []evidence.Name { return names }

// allowed tells whether one of the patterns is about a name: shell patterns,
// such as "ServiceAccount kube-system/*".
func allowed(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, err := path.Match(pattern, name)
		if err != nil {
			panic("the threshold holds no pattern: " + pattern)
		}
		return matched
	})
}
