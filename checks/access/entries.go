package access

import (
	"fmt"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// entry is one principal that EKS lets in, as EKS or the stack's state says.
type entry struct {
	evidence.EKSAccessEntry
	// from is "EKS access entry", with the place that says so.
	from string
}

// entries list whom EKS lets into the cluster. Where EKS cannot be asked, the
// stack's state says at least whom the stack lets in.
func (l *list) entries(account evidence.Fact[evidence.IAMAccess]) {
	live := evidence.Get(l.facts, evidence.AWSClusterAccess)
	var all []entry
	for _, e := range live.Value.Entries {
		all = append(all, entry{e, "EKS access entry"})
	}
	l.any = l.any || len(live.Problems) == 0 || len(all) > 0
	for _, p := range live.Problems {
		l.missing("%s: %s: %s", evidence.AWSClusterAccess.Name(), p.Kind, p.Message)
	}
	if mode := live.Value.Mode; strings.Contains(mode, "CONFIG_MAP") {
		l.missing("the ConfigMap kube-system/aws-auth, which lets people into the cluster too: its authentication mode is %s", mode)
	}
	if len(live.Problems) > 0 && len(all) == 0 {
		for _, a := range get(l, evidence.StateAccesses).Value {
			all = append(all, entry{declared(a), "EKS access entry of the stack's state, cluster " + a.Cluster})
		}
	}
	strong := l.strongGroups()
	for _, e := range all {
		l.entry(e, strong, standsForPeople(e.EKSAccessEntry, account))
	}
}

func (l *list) entry(e entry, strong map[string]bool, people bool) {
	g := readiness.Grant{System: kubernetes, Holder: e.Principal, Through: e.from, Scope: scopeOf(""), Person: people}
	for _, p := range e.Policies {
		name := p.ARN[strings.LastIndex(p.ARN, "/")+1:]
		allowed, known := accessPolicies[name]
		if !known {
			allowed = accessPolicy{may: "what the EKS access policy " + name + " allows", powerful: true}
		}
		g.Through, g.May, g.Powerful = e.from+" with "+name, []string{allowed.may}, allowed.powerful
		if len(p.Namespaces) == 0 {
			l.add(g)
		}
		for _, namespace := range p.Namespaces {
			there := g
			there.Scope = scopeOf(namespace)
			l.add(there)
		}
	}
	for _, group := range e.Groups {
		g.Through, g.May, g.Powerful = e.from, []string{"what the group " + group + " may"}, strong[group]
		l.add(g)
	}
	if len(e.Policies)+len(e.Groups) == 0 {
		g.May = []string{"what the group system:authenticated may"}
		l.add(g)
	}
}

// strongGroups are those with a powerful grant.
func (l *list) strongGroups() map[string]bool {
	strong := map[string]bool{"system:masters": true}
	for _, g := range l.grants {
		if name, is := strings.CutPrefix(g.Holder, "Group "); is && g.Powerful {
			strong[name] = true
		}
	}
	return strong
}

// declared is an entry as the stack's state has it.
func declared(a evidence.StateAccess) evidence.EKSAccessEntry {
	e := evidence.EKSAccessEntry{Principal: a.Principal, Type: a.Type, Groups: a.Groups}
	for _, text := range a.Policies {
		arn, in, limited := strings.Cut(text, " in ")
		policy := evidence.EKSAccessPolicy{ARN: arn}
		if limited {
			policy.Namespaces = strings.Split(in, ",")
		}
		e.Policies = append(e.Policies, policy)
	}
	return e
}

// standsForPeople tells whether an entry is a person's: it is unless it is a
// node's, or a role that IAM says only programs can assume.
func standsForPeople(e evidence.EKSAccessEntry, account evidence.Fact[evidence.IAMAccess]) bool {
	if e.Type != "" && e.Type != "STANDARD" {
		return false
	}
	for _, role := range account.Value.Roles {
		if role.ARN == e.Principal && len(account.Problems) == 0 {
			return peoples(role)
		}
	}
	return true
}

// accessPolicy is what an EKS access policy allows.
type accessPolicy struct {
	may      string
	powerful bool
}

// accessPolicies are those for people (EKS user guide, "Review access policy
// permissions"). One that is not known counts as powerful: nobody here can say
// that it is not.
var accessPolicies = map[string]accessPolicy{
	"AmazonEKSClusterAdminPolicy": {"all verbs on all resources", true},
	"AmazonEKSAdminPolicy":        {fmt.Sprintf(fullBut, "quotas and the namespace itself"), true},
	"AmazonEKSAdminViewPolicy":    {"get, list, watch all resources, Secrets too", true},
	"AmazonEKSEditPolicy":         {fmt.Sprintf(fullBut, "roles and their bindings"), true},
	"AmazonEKSViewPolicy":         {"get, list, watch most resources, but not Secrets or roles", false},
}

const fullBut = "all verbs on most resources, Secrets too, but not on %s"
