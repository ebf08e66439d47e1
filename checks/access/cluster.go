package access

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// cluster lists what bindings give. The rules of an aggregated ClusterRole are
// written into it by Kubernetes itself, so that they are read with it.
func (l *list) cluster() {
	fact := get(l, evidence.KubernetesRBAC)
	l.any = l.any || len(fact.Value.Bindings) > 0
	type key struct {
		clusterRole     bool
		namespace, name string
	}
	roles := map[key]evidence.KubeRoleRules{}
	for _, r := range fact.Value.Roles {
		roles[key{r.Namespace == "", r.Namespace, r.Name}] = r
	}
	for _, b := range fact.Value.Bindings {
		at := key{b.ClusterRole, b.Namespace, b.Role}
		if b.ClusterRole {
			at.namespace = ""
		}
		role, found := roles[at]
		for _, s := range b.Subjects {
			if component(b, s) {
				continue
			}
			everywhere := b.Namespace == ""
			g := readiness.Grant{
				System: kubernetes, Holder: s.String(), Through: through(b), Scope: scopeOf(b.Namespace),
				May: mayOf(role.Rules, everywhere), Powerful: powerful(role.Rules, everywhere), Person: person(s),
			}
			if s.Kind == "Group" && s.Name == "system:masters" {
				g.Powerful = true // the API server asks no authoriser for it
			}
			if !found {
				g.May = l.unknownRole(b, len(fact.Problems) > 0)
			}
			l.add(g)
		}
	}
}

// unknownRole is what a binding to a role that was not read gives.
func (l *list) unknownRole(b evidence.KubeBinding, partly bool) []string {
	kind := "role " + b.Namespace + "/" + b.Role
	if b.ClusterRole {
		kind = "clusterrole " + b.Role
	}
	if !partly {
		return []string{"nothing: there is no " + kind}
	}
	l.missing("what the %s allows, which %s gives", kind, through(b))
	return []string{"what the " + kind + " allows, which was not read"}
}

func through(b evidence.KubeBinding) string {
	kind, role := "clusterrolebinding ", "role "
	if b.Namespace != "" {
		kind = "rolebinding "
	}
	if b.ClusterRole {
		role = "clusterrole "
	}
	return kind + b.Name + " to " + role + b.Role
}

func scopeOf(namespace string) string {
	if namespace == "" {
		return "cluster"
	}
	return "namespace " + namespace
}

// components are the users and groups of Kubernetes' own programs.
var components = []evidence.KubeSubject{
	{Kind: "User", Name: "system:kube-controller-manager"},
	{Kind: "User", Name: "system:kube-scheduler"},
	{Kind: "User", Name: "system:kube-proxy"},
	{Kind: "Group", Name: "system:nodes"},
	{Kind: "Group", Name: "system:bootstrappers"},
}

// component tells whether a binding is one that Kubernetes makes itself, for a
// program of its own: not when somebody has added a subject to it.
func component(b evidence.KubeBinding, s evidence.KubeSubject) bool {
	switch {
	case !b.BuiltIn || !strings.HasPrefix(b.Role, "system:"):
		return false
	case s.Kind == "ServiceAccount":
		// Each controller has an account of its own, after which the binding is named.
		named := []string{"system:controller:" + s.Name, "system:" + s.Name, "system::leader-locking-" + s.Name}
		return s.Namespace == "kube-system" && slices.Contains(named, b.Name)
	default:
		return slices.Contains(components, evidence.KubeSubject{Kind: s.Kind, Name: s.Name})
	}
}

// person tells whether a subject stands for people: every user and group does
// that is not known to be a program's. system:masters and the groups of
// everybody are people's.
func person(s evidence.KubeSubject) bool {
	program := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s.Name, p) })
	}
	switch s.Kind {
	case "ServiceAccount":
		return false
	case "User":
		return !program("system:kube-", "system:node:", "system:serviceaccount:", "system:apiserver", "eks:")
	default:
		return !program("system:nodes", "system:bootstrappers", "system:serviceaccounts", "eks:", "system:monitoring")
	}
}
