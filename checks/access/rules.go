package access

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
)

// verbs in the order in which people name them; others follow, sorted.
var verbOrder = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}

// target is what a rule allows something of.
type target struct {
	// group is the API group, "" for the core, "*" for all.
	group, resource string
	// names are those of single objects, joined, "" for all.
	names string
	// path is a URL that is no resource; group and resource are "" then.
	path string
}

func (t target) String() string {
	text := t.resource
	switch {
	case t.path == "*":
		text = "all paths"
	case t.path != "":
		text = t.path
	case t.resource == "*" && t.group == "*":
		text = "all resources"
	case t.resource == "*" && t.group == "":
		text = "all resources of the core API"
	case t.resource == "*":
		text = "all resources of " + t.group
	case t.group != "":
		text = t.resource + "." + t.group
	}
	if t.names != "" {
		text += " named " + t.names
	}
	return text
}

// mayOf says what rules allow, each thing once, whatever the order and the
// grouping of the rules are. Paths count in the whole cluster alone.
func mayOf(rules []evidence.KubeRule, everywhere bool) []string {
	allowed := map[target]map[string]bool{}
	allow := func(t target, verbs []string) {
		if allowed[t] == nil {
			allowed[t] = map[string]bool{}
		}
		for _, verb := range verbs {
			allowed[t][verb] = true
		}
	}
	for _, r := range rules {
		names := strings.Join(slices.Sorted(slices.Values(r.Names)), ", ")
		for _, resource := range r.Resources {
			if resource == "*/*" {
				resource = "*"
			}
			for _, group := range r.Groups {
				allow(target{group: group, resource: resource, names: names}, r.Verbs)
			}
		}
		for _, path := range r.URLs {
			if everywhere {
				allow(target{path: path}, r.Verbs)
			}
		}
	}
	byVerbs := map[string][]string{}
	for t, verbs := range allowed {
		if len(verbs) > 0 {
			in := verbText(verbs)
			byVerbs[in] = append(byVerbs[in], t.String())
		}
	}
	var may []string
	for verbs, targets := range byVerbs {
		slices.Sort(targets)
		may = append(may, verbs+" "+strings.Join(targets, ", "))
	}
	slices.Sort(may)
	return may
}

func verbText(verbs map[string]bool) string {
	if verbs["*"] {
		return "all verbs on"
	}
	var ordered []string
	for _, verb := range verbOrder {
		if verbs[verb] {
			ordered = append(ordered, verb)
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		if !slices.Contains(verbOrder, verb) {
			ordered = append(ordered, verb)
		}
	}
	return strings.Join(ordered, ", ")
}

// ladder is a right by which its holder reads everything or becomes more
// (Kubernetes, "Role Based Access Control Good Practices", privilege escalation
// risks).
type ladder struct {
	group     string
	resources []string
	verbs     []string
	// everywhere is whether it counts only in the whole cluster.
	everywhere bool
}

var (
	read       = []string{"get", "list", "watch"}
	write      = []string{"create", "update", "patch"}
	remove     = []string{"delete", "deletecollection"}
	workloads  = []string{"deployments", "daemonsets", "statefulsets", "replicasets"}
	rbacRoles  = []string{"roles", "clusterroles"}
	identities = []string{"users", "groups", "serviceaccounts"}
	hooks      = []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}
)

var ladders = []ladder{
	{group: "", resources: []string{"secrets"}, verbs: read},
	{group: "", resources: []string{"serviceaccounts/token", "pods", "replicationcontrollers"}, verbs: []string{"create"}},
	{group: "", resources: []string{"pods/exec", "pods/attach", "pods/ephemeralcontainers"}, verbs: []string{"get", "create", "update", "patch"}},
	{group: "apps", resources: workloads, verbs: write},
	{group: "batch", resources: []string{"jobs", "cronjobs"}, verbs: write},
	{group: "rbac.authorization.k8s.io", resources: rbacRoles, verbs: []string{"escalate", "bind"}},
	{group: "", resources: identities, verbs: []string{"impersonate"}},
	{group: "", resources: []string{"nodes/proxy"}, verbs: []string{"get", "create"}, everywhere: true},
	{group: "", resources: []string{"persistentvolumes"}, verbs: []string{"create"}, everywhere: true},
	{group: "certificates.k8s.io", resources: []string{"certificatesigningrequests/approval"}, verbs: []string{"update", "patch"}, everywhere: true},
	{group: "admissionregistration.k8s.io", resources: hooks, verbs: write, everywhere: true},
}

// powerful tells whether rules let their holder change or read everything of
// the scope, or give itself more. A right on single objects by name does not.
func powerful(rules []evidence.KubeRule, everywhere bool) bool {
	return slices.ContainsFunc(rules, func(r evidence.KubeRule) bool {
		if len(r.Names) > 0 {
			return false
		}
		covers := func(name string) bool {
			_, part, sub := strings.Cut(name, "/")
			return slices.Contains(r.Resources, name) || sub && slices.Contains(r.Resources, "*/"+part)
		}
		has := func(list []string, want string) bool {
			return slices.Contains(list, want) || slices.Contains(list, "*")
		}
		all := slices.Contains(r.Resources, "*") || slices.Contains(r.Resources, "*/*")
		may := func(verbs []string) bool {
			return slices.ContainsFunc(verbs, func(v string) bool { return has(r.Verbs, v) })
		}
		if all && slices.Contains(r.Groups, "*") && (may(read) || may(write) || may(remove)) {
			return true
		}
		return slices.ContainsFunc(ladders, func(l ladder) bool {
			resource := all || slices.ContainsFunc(l.resources, covers)
			return resource && may(l.verbs) && has(r.Groups, l.group) && (everywhere || !l.everywhere)
		})
	})
}
