// Package access lists who can do what in the cluster and in the account, for
// the access review: from what Kubernetes, EKS and IAM answered, and purely.
//
// It judges nothing (checks/judge/access and compliance do) and reads nothing
// (checks/collect does). What an attestation of the list is worth is said here
// too, because it is about the list's digest.
package access

import (
	"cmp"
	"fmt"
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// The systems of a grant.
const (
	kubernetes = "kubernetes"
	aws        = "aws"
)

// Needs are the queries that [Review] lists from.
func Needs() []evidence.Name {
	return []evidence.Name{
		evidence.KubernetesRBAC.Name(), evidence.AWSClusterAccess.Name(), evidence.StateAccesses.Name(),
		evidence.AWSAccess.Name(), evidence.AWSCredentials.Name(), evidence.AWSAccount.Name(),
	}
}

// Review lists who can do what: by the roles and bindings of Kubernetes, the
// access entries of EKS, and the roles, policies, users and credentials of IAM.
// Left out are only what Kubernetes binds to its own components and the roles
// of AWS's own services. What could not be read is named in Unread; when nothing
// at all was read there is no list, and nil.
func Review(facts evidence.Facts) *readiness.Access {
	l := &list{facts: facts}
	account := get(l, evidence.AWSAccess)
	l.account(account)
	l.credentials()
	l.cluster()
	l.entries(account)
	if !l.any {
		return nil
	}
	grants := l.grants
	slices.SortFunc(grants, compare)
	grants = slices.CompactFunc(grants, func(a, b readiness.Grant) bool { return compare(a, b) == 0 })
	if grants == nil {
		grants = []readiness.Grant{}
	}
	slices.Sort(l.unread)
	unread := slices.Compact(l.unread)
	if unread == nil {
		unread = []string{}
	}
	return &readiness.Access{Grants: grants, Digest: Digest(grants), Unread: unread}
}

// list is a review in the making.
type list struct {
	facts  evidence.Facts
	grants []readiness.Grant
	unread []string
	// any is whether anything was read.
	any bool
}

func (l *list) add(g readiness.Grant) {
	if len(g.May) == 0 {
		g.May = []string{"nothing"}
	}
	l.grants = append(l.grants, g)
}

func (l *list) missing(format string, args ...any) {
	l.unread = append(l.unread, fmt.Sprintf(format, args...))
}

// get is the answer to a query; what of it is missing goes into the list.
func get[T any](l *list, q evidence.Query[T]) evidence.Fact[T] {
	fact := evidence.Get(l.facts, q)
	for _, p := range fact.Problems {
		l.missing("%s: %s: %s", q.Name(), p.Kind, p.Message)
	}
	l.any = l.any || len(fact.Problems) == 0
	return fact
}

func compare(a, b readiness.Grant) int {
	return cmp.Or(
		cmp.Compare(a.System, b.System), cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Scope, b.Scope),
		cmp.Compare(a.Through, b.Through), slices.Compare(a.May, b.May),
		boolean(a.Powerful, b.Powerful), boolean(a.Person, b.Person),
	)
}

func boolean(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}
