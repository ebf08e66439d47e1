package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// networkPolicies: a pod is fenced in a direction as soon as one policy selects
// it for that, unless another lets everything through.
var networkPolicies = judge.Checker{
	ID: "kubernetes-network-policies", Expected: "every pod of the portal is fenced both ways by network policies",
	Needs: needs(evidence.KubernetesPods.Name(), evidence.KubernetesNetworkPolicies.Name(), evidence.KubernetesNamespaces.Name()),
	Judge: func(c *judge.Case) {
		policies, whole := judge.Whole(c, evidence.KubernetesNetworkPolicies)
		if !whole {
			return // what is missing may be what fences
		}
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if !c.Portal(p.Namespace) {
				continue
			}
			if p.Spec.HostNetwork {
				c.Fail(podAt(p, ""), "it is on the node's own network, where no policy reaches")
				continue
			}
			wrong := unfenced(p, policies)
			c.Require(len(wrong) == 0, podAt(p, ""), "%s", strings.Join(wrong, "; "))
		}
		// What starts next must be fenced too, before anyone has thought of it.
		for _, n := range judge.Read(c, evidence.KubernetesNamespaces) {
			if c.Portal(n.Name) {
				wrong := unfenced(evidence.KubePod{KubeObject: evidence.KubeObject{Namespace: n.Name}}, policies)
				c.Require(len(wrong) == 0, "namespace "+n.Name, "it does not deny by default, for pods without labels: %s", strings.Join(wrong, "; "))
			}
		}
	},
}

func unfenced(p evidence.KubePod, policies []evidence.KubeNetworkPolicy) []string {
	var ingress, egress bool
	var wrong []string
	for _, n := range policies {
		if n.Namespace != p.Namespace || !n.Pods.Matches(p.Labels) {
			continue
		}
		ingress, egress = ingress || n.Ingress, egress || n.Egress
		if n.Ingress && n.OpenIngress {
			wrong = append(wrong, "policy "+n.Name+" lets everything in")
		}
		if n.Egress && n.OpenEgress {
			wrong = append(wrong, "policy "+n.Name+" lets everything out")
		}
	}
	if !ingress {
		wrong = append(wrong, "no policy is about what comes in")
	}
	if !egress {
		wrong = append(wrong, "no policy is about what goes out")
	}
	return wrong
}

// enforcers are the DaemonSets of the network plugins that enforce policies.
// Amazon's does when its agent is told to.
var enforcers = []string{"aws-node", "calico-node", "cilium", "antrea-agent", "kube-router", "weave-net"}

// enforcement: the API server takes policies whether or not anybody enforces
// them.
var enforcement = judge.Checker{
	ID: "kubernetes-network-enforcement", Expected: "a network plugin that enforces policies runs on every node",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		found := false
		for _, w := range judge.Read(c, evidence.KubernetesWorkloads) {
			if w.Kind != "DaemonSet" || !slices.Contains(enforcers, w.Name) {
				continue
			}
			found = true
			if w.Name == "aws-node" && !slices.ContainsFunc(w.Template.Containers, func(k evidence.KubeContainer) bool { return k.NetworkPolicies == "true" }) {
				c.FailWith(where(w, ""), "set enableNetworkPolicy to \"true\" in the configuration of the add-on vpc-cni", "its agent is not told to enforce network policies")
				continue
			}
			c.Require(w.Desired > 0 && w.Ready >= w.Desired, where(w, ""), "%d of %d pods are ready", w.Ready, w.Desired)
			c.Note("%s enforces on %d nodes", w.Name, w.Ready)
		}
		if !found {
			c.Unknown("no network plugin that enforces was found: no DaemonSet %s; policies are only objects without one", strings.Join(enforcers, ", "))
		}
	},
}
