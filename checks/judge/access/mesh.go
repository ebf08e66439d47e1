package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// meshStrict: guide's "mTLS enabled for all service-to-service communication".
// The narrowest PeerAuthentication wins in Istio, so that one of any size undoes
// what the root says.
var meshStrict = judge.Checker{
	ID: "mesh-strict", Expected: "the mesh refuses what is not mutual TLS",
	Needs: needs(evidence.KubernetesPeerAuthentications.Name()),
	Judge: func(c *judge.Case) {
		root, exceptions := c.Text("meshNamespace"), c.Texts("plaintextPeers")
		c.Expect("the PeerAuthentication of the mesh's root namespace %s is STRICT, and none below is less, but %s", root, strings.Join(exceptions, ", "))
		all, whole := judge.Whole(c, evidence.KubernetesPeerAuthentications)
		if !whole {
			return
		}
		strict := slices.ContainsFunc(all, func(p evidence.KubePeerAuthentication) bool {
			return p.Namespace == root && p.Pods == nil && p.Mode == "STRICT"
		})
		c.Require(strict, "namespace "+root, "it has no PeerAuthentication for the whole mesh that is STRICT: Istio also takes plain text then")
		for _, p := range all {
			if allowed(exceptions, p.String()) {
				continue
			}
			wrong := lax(p)
			c.Require(len(wrong) == 0, "peerauthentication "+p.String(), "%s", strings.Join(wrong, "; "))
		}
	},
}

func lax(p evidence.KubePeerAuthentication) []string {
	var wrong []string
	if p.Mode == "PERMISSIVE" || p.Mode == "DISABLE" {
		wrong = append(wrong, "its mode is "+p.Mode)
	}
	for _, port := range slices.Sorted(maps.Keys(p.Ports)) {
		if mode := p.Ports[port]; mode == "PERMISSIVE" || mode == "DISABLE" {
			wrong = append(wrong, fmt.Sprintf("port %s is %s", port, mode))
		}
	}
	return wrong
}

// meshClients: a DestinationRule is the calling side, and can speak plain text.
// Those about hosts outside of the cluster are not the mesh's.
var meshClients = judge.Checker{
	ID: "mesh-clients", Expected: "no DestinationRule turns mutual TLS off for a service of the cluster",
	Needs: needs(evidence.KubernetesDestinationRules.Name(), evidence.KubernetesPeerAuthentications.Name()),
	Judge: func(c *judge.Case) {
		// That there is a mesh at all is what there is to look at without rules.
		for range judge.Read(c, evidence.KubernetesPeerAuthentications) {
			c.Saw()
		}
		for _, r := range judge.Read(c, evidence.KubernetesDestinationRules) {
			inside := !strings.Contains(r.Host, ".") || strings.HasSuffix(r.Host, ".svc") || strings.HasSuffix(r.Host, ".local") ||
				strings.HasPrefix(r.Host, "*") || strings.Count(r.Host, ".") == 1 && !strings.HasSuffix(r.Host, ".com")
			plain := slices.Contains(r.Modes, "DISABLE") || slices.Contains(r.Modes, "SIMPLE")
			c.Require(!inside || !plain, "destinationrule "+r.String(), "it calls %s with TLS mode %s", r.Host, strings.Join(r.Modes, ", "))
		}
	},
}

const proxy = "istio-proxy"

// meshEnrolment: a policy is only kept by pods that are in the mesh. Without a
// control plane no pod can be.
var meshEnrolment = judge.Checker{
	ID: "mesh-enrolment", Expected: "every pod of the portal is in the mesh, and no port of it goes past",
	Needs: needs(evidence.KubernetesPods.Name(), evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		exceptions := c.Texts("outsideMesh")
		c.Expect("every pod of the portal has a sidecar or is in the ambient mesh, with no port led past it, but %s", strings.Join(exceptions, ", "))
		istiod := slices.ContainsFunc(judge.Read(c, evidence.KubernetesWorkloads), func(w evidence.KubeWorkload) bool {
			return w.Kind == "Deployment" && (w.PodLabels["app"] == "istiod" || strings.HasPrefix(w.Name, "istiod")) && w.Ready > 0
		})
		if !istiod {
			c.Unknown("no mesh control plane was found: no Deployment istiod has a ready pod, so that no pod is in a mesh")
			return
		}
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if !c.Portal(p.Namespace) || p.Ending || p.OwnerKind == "Job" || allowed(exceptions, p.Namespace+"/"+p.Labels["app"]) {
				continue
			}
			sidecar := slices.ContainsFunc(p.Spec.Containers, func(k evidence.KubeContainer) bool { return k.Name == proxy })
			switch {
			case !sidecar && !p.Ambient:
				c.FailWith("pod "+p.String(), "label its namespace istio-injection=enabled and restart it", "it has no sidecar: what it says is in plain text")
			case len(p.Excluded) > 0:
				c.Fail("pod "+p.String(), "traffic goes past its sidecar: %s", strings.Join(p.Excluded, ", "))
			default:
				c.Saw()
			}
		}
	},
}
