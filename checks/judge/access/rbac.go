package access

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// grant is a role that somebody has by a binding that Kubernetes did not make.
type grant struct {
	subject evidence.KubeSubject
	binding evidence.KubeBinding
	role    evidence.KubeRoleRules
}

func (g grant) where() string {
	kind := "clusterrolebinding "
	if g.binding.Namespace != "" {
		kind = "rolebinding "
	}
	return kind + g.binding.String()
}

// grants are all of them but the bootstrap ones and those of Kubernetes' own
// users and controllers.
func grants(c *judge.Case) []grant {
	rbac := judge.Read(c, evidence.KubernetesRBAC)
	var found []grant
	for _, b := range rbac.Bindings {
		i := slices.IndexFunc(rbac.Roles, func(r evidence.KubeRoleRules) bool {
			in := b.Namespace
			if b.ClusterRole {
				in = ""
			}
			return r.Namespace == in && r.Name == b.Role
		})
		for _, s := range b.Subjects {
			if b.BuiltIn || builtIn(s) {
				continue
			}
			g := grant{subject: s, binding: b, role: evidence.KubeRoleRules{KubeObject: evidence.KubeObject{Name: b.Role}}}
			if i >= 0 { // a binding to a role that is not there gives nothing
				g.role = rbac.Roles[i]
			}
			found = append(found, g)
		}
	}
	return found
}

// builtIn tells whether a subject is Kubernetes' own. Groups of everybody are
// not: what they are given, everybody is. system:masters is a group of people.
func builtIn(s evidence.KubeSubject) bool {
	switch s.Kind {
	case "User":
		return strings.HasPrefix(s.Name, "system:kube-") || strings.HasPrefix(s.Name, "system:node:") || s.Name == "system:apiserver"
	case "Group":
		return s.Name == "system:nodes" || strings.HasPrefix(s.Name, "system:bootstrappers")
	default:
		return false
	}
}

// wildcards: "all verbs" and "all resources" grow with every kind that is
// installed (CIS Kubernetes 5.1.3).
var wildcards = judge.Checker{
	ID: "kubernetes-rbac-wildcards", Expected: "no role with wildcards is bound to anybody who is not named as an exception",
	Needs: needs(evidence.KubernetesRBAC.Name()),
	Judge: func(c *judge.Case) {
		exceptions := c.Texts("wildcardSubjects")
		c.Expect("no role with * as verb or resource is bound, but to %s", strings.Join(exceptions, ", "))
		for _, g := range grants(c) {
			if g.role.Name == clusterAdmin && g.role.Namespace == "" {
				continue // kubernetes-rbac-admins judges those
			}
			wide := ""
			for _, r := range g.role.Rules {
				if slices.Contains(r.Verbs, "*") && len(r.Resources) > 0 || slices.Contains(r.Resources, "*") || slices.Contains(r.Resources, "*/*") {
					wide = strings.Join(r.Verbs, ",") + " on " + strings.Join(r.Resources, ",") + " of " + quoted(r.Groups)
				}
			}
			ok := wide == "" || g.role.BuiltIn || allowed(exceptions, g.subject.String())
			c.Require(ok, g.where(), "%s has the role %s, which allows %s", g.subject, g.role.Name, wide)
		}
	},
}

func quoted(groups []string) string {
	if len(groups) == 1 && groups[0] == "" {
		return "the core API"
	}
	return strings.Join(groups, ",")
}

const clusterAdmin = "cluster-admin"

// admins: who has everything (CIS Kubernetes 5.1.1). On EKS people come by
// access entries, so that a binding is the exception.
var admins = judge.Checker{
	ID: "kubernetes-rbac-admins", Expected: "nobody is bound to cluster-admin who is not named as an exception",
	Needs: needs(evidence.KubernetesRBAC.Name()),
	Judge: func(c *judge.Case) {
		exceptions := c.Texts("adminSubjects")
		c.Expect("nobody is bound to cluster-admin but %s", strings.Join(exceptions, ", "))
		if len(judge.Read(c, evidence.KubernetesRBAC).Bindings) > 0 {
			c.Saw() // the bindings were read: none to cluster-admin is what is wanted
		}
		for _, g := range grants(c) {
			admin := g.binding.ClusterRole && g.role.Name == clusterAdmin
			c.Require(!admin || allowed(exceptions, g.subject.String()), g.where(), "%s is %s", g.subject, clusterAdmin)
		}
	},
}

// secretReaders: a list of Secrets is their values (CIS Kubernetes 5.1.2).
var secretReaders = judge.Checker{
	ID: "kubernetes-rbac-secrets", Expected: "nobody may read every Secret who is not named as an exception",
	Needs: needs(evidence.KubernetesRBAC.Name()),
	Judge: func(c *judge.Case) {
		exceptions := c.Texts("secretSubjects")
		c.Expect("nobody may get, list or watch Secrets, by name or not, in the whole cluster, or list them in a namespace of the portal, but %s", strings.Join(exceptions, ", "))
		for _, g := range grants(c) {
			if g.role.Name == clusterAdmin {
				continue
			}
			wide := g.binding.Namespace == "" || c.Portal(g.binding.Namespace)
			verbs := readsSecrets(g.role)
			ok := !wide || len(verbs) == 0 || allowed(exceptions, g.subject.String())
			c.Require(ok, g.where(), "%s may %s secrets", g.subject, strings.Join(verbs, ", "))
		}
	},
}

// readsSecrets are the verbs with which a role reads Secrets that it does not
// name one by one.
func readsSecrets(role evidence.KubeRoleRules) []string {
	var verbs []string
	for _, r := range role.Rules {
		core := slices.Contains(r.Groups, "") || slices.Contains(r.Groups, "*")
		secrets := slices.Contains(r.Resources, "secrets") || slices.Contains(r.Resources, "*")
		if !core || !secrets || len(r.Names) > 0 {
			continue
		}
		for _, verb := range r.Verbs {
			if slices.Contains([]string{"get", "list", "watch", "*"}, verb) && !slices.Contains(verbs, verb) {
				verbs = append(verbs, verb)
			}
		}
	}
	return verbs
}
