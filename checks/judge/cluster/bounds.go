package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// bounds: guide's "CPU and memory limits configured per service". What runs is
// judged, so that what a mutating webhook put in counts; CronJobs and Jobs by
// their template, since their pods are gone most of the time.
var bounds = judge.Checker{
	ID: "kubernetes-containers-bounded", Expected: "every container of the portal has requests and limits of CPU and memory",
	Needs: needs(evidence.KubernetesPods.Name(), evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		check := func(at func(container string) string, spec evidence.KubePodSpec) {
			for _, k := range spec.Containers {
				missing := unbounded(k)
				c.Require(len(missing) == 0, at(k.Name), "it has no %s", strings.Join(missing, ", no "))
			}
		}
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if c.Portal(p.Namespace) && p.OwnerKind != "Job" {
				check(func(name string) string { return podAt(p, name) }, p.Spec)
			}
		}
		for _, w := range portal(c) {
			// A Deployment without pods is judged by its template too.
			if !w.Serves() && w.Owner == "" || w.Serves() && w.Desired == 0 {
				check(func(name string) string { return where(w, name) }, w.Template)
			}
		}
	},
}

func unbounded(k evidence.KubeContainer) []string {
	var missing []string
	for _, each := range []struct{ amount, what string }{
		{k.CPURequest, "CPU request"},
		{k.MemoryRequest, "memory request"},
		{k.CPULimit, "CPU limit"},
		{k.MemoryLimit, "memory limit"},
	} {
		if each.amount == "" {
			missing = append(missing, each.what)
		}
	}
	return missing
}

// quotas: the guide's example is a ResourceQuota of the portal's namespace. One
// that is full stops the next rollout, which needs a pod more for a while.
var quotas = judge.Checker{
	ID: "kubernetes-quotas", Expected: "every namespace of the portal has a quota with headroom and a limit range",
	Needs: needs(evidence.KubernetesNamespaces.Name(), evidence.KubernetesQuotas.Name(), evidence.KubernetesLimits.Name()),
	Judge: func(c *judge.Case) {
		most, bounded := c.Number("maximumUsedPercent"), c.Texts("quotaResources")
		c.Expect("every namespace of the portal has a LimitRange for containers and a quota on %s, of which less than %v %% is used",
			strings.Join(bounded, ", "), most)
		all, allQuotas := judge.Whole(c, evidence.KubernetesQuotas)
		limits, allLimits := judge.Whole(c, evidence.KubernetesLimits)
		for _, n := range judge.Read(c, evidence.KubernetesNamespaces) {
			if !c.Portal(n.Name) {
				continue
			}
			at := "namespace " + n.Name
			covered := map[string]bool{}
			for _, q := range all {
				if q.Namespace == n.Name {
					headroom(c, q, most, covered)
				}
			}
			if allQuotas {
				missing := slices.DeleteFunc(slices.Clone(bounded), func(name string) bool { return covered[name] })
				c.Require(len(missing) == 0, at, "no quota bounds %s", strings.Join(missing, ", "))
			}
			if allLimits {
				has := slices.ContainsFunc(limits, func(l evidence.KubeLimits) bool {
					return l.Namespace == n.Name && len(l.Defaults)+len(l.Maxima) > 0
				})
				c.Require(has, at, "no LimitRange bounds its containers")
			}
		}
	},
}

func headroom(c *judge.Case, q evidence.KubeQuota, most float64, covered map[string]bool) {
	for _, name := range q.Unread {
		covered[name] = true
		c.Unknown(fmt.Sprintf("quota %s: the cluster has not counted %s yet", q, name))
	}
	for _, name := range slices.Sorted(maps.Keys(q.Used)) {
		covered[name] = true
		used := q.Used[name] * 100
		c.Require(used < most, "quota "+q.String(), "%.0f %% of %s is used", used, name)
	}
}
