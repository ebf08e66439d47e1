package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// autoscaling: guide's "Auto-scaling", of the portal's own workloads. One whose
// metrics cannot be read does not scale.
var autoscaling = judge.Checker{
	ID: "kubernetes-autoscaling", Expected: "the portal's workloads scale by themselves",
	Needs: needs(evidence.KubernetesAutoscalers.Name(), evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		least, scaled := c.Int("minimumReplicas"), c.Texts("scaledWorkloads")
		c.Expect("%s have an autoscaler with at least %d replicas that can scale and can read its metrics", strings.Join(scaled, ", "), least)
		all, whole := judge.Whole(c, evidence.KubernetesAutoscalers)
		for _, w := range portal(c) {
			if w.Kind != "Deployment" || !slices.ContainsFunc(scaled, func(name string) bool { return called(w, name) }) {
				continue
			}
			i := slices.IndexFunc(all, func(a evidence.KubeAutoscaler) bool {
				return a.Namespace == w.Namespace && a.TargetKind == w.Kind && a.Target == w.Name
			})
			switch {
			case i >= 0:
				wrong := stuck(all[i], least)
				c.Require(len(wrong) == 0, "autoscaler "+all[i].String(), "%s", strings.Join(wrong, "; "))
			case whole:
				c.Fail(where(w, ""), "no autoscaler is about it")
			}
		}
	},
}

func stuck(a evidence.KubeAutoscaler, least int) []string {
	var wrong []string
	if a.Min < least {
		wrong = append(wrong, "its least is "+count(a.Min, "replica"))
	}
	if a.Max <= a.Min {
		wrong = append(wrong, "its most is "+count(a.Max, "replica")+", no more than its least")
	}
	for _, kind := range []string{"AbleToScale", "ScalingActive"} {
		if is := a.Conditions.Get(kind); is.Status == "False" {
			wrong = append(wrong, kind+" is False: "+is.Reason+", "+is.Message)
		} else if is.Status == "" {
			wrong = append(wrong, "it has not said yet whether it is "+kind)
		}
	}
	return wrong
}

// budgets: a drain may never take all pods, and must be able to take one.
var budgets = judge.Checker{
	ID: "kubernetes-disruption-budgets", Expected: "every workload of the portal with several pods has a disruption budget that lets one go",
	Needs: needs(evidence.KubernetesBudgets.Name(), evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		all, whole := judge.Whole(c, evidence.KubernetesBudgets)
		for _, w := range portal(c) {
			if w.Kind != "Deployment" && w.Kind != "StatefulSet" || w.Desired < 2 {
				continue
			}
			found := false
			for _, b := range all {
				if b.Namespace != w.Namespace || !b.Selector.Matches(w.PodLabels) {
					continue
				}
				found = true
				switch {
				case !b.Observed:
					c.Unknown("budget %s has changed, and the cluster has not counted yet", b)
				case b.Allowed < 1:
					c.Fail("budget "+b.String(), "it lets no pod go: %d of %d are healthy and %d must be", b.Healthy, b.Expected, b.Needed)
				default:
					c.Saw()
				}
			}
			if !found && whole {
				c.Fail(where(w, ""), "no disruption budget is about it: a drain may end all of its pods at once")
			}
		}
	},
}
