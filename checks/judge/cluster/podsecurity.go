package cluster

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// levels of the Pod Security Standards, from nothing to the tightest.
var levels = []string{"privileged", "baseline", "restricted"}

const enforceLabel = "pod-security.kubernetes.io/enforce"

// podSecurity: guide's "Enforced across all namespaces". Kubernetes' own are
// named in the thresholds, and so are the exceptions. Those that nobody uses, as
// default must be, may go without as long as no pod runs there.
var podSecurity = judge.Checker{
	ID: "kubernetes-pod-security-standards", Expected: "every namespace enforces a Pod Security Standard",
	Needs: needs(evidence.KubernetesNamespaces.Name(), evidence.KubernetesPods.Name()),
	Judge: func(c *judge.Case) {
		least, own, unused := c.Text("minimumLevel"), c.Text("portalLevel"), c.Texts("unusedNamespaces")
		system, exceptions := c.Texts("systemNamespaces"), c.Texts("exceptions")
		c.Expect("every namespace enforces %s at least, the portal's %s, but %s", least, own, strings.Join(append(slices.Clone(system), exceptions...), ", "))
		portal := 0
		for _, n := range judge.Read(c, evidence.KubernetesNamespaces) {
			want := least
			if c.Portal(n.Name) {
				want = own
				portal++
			} else if n.Terminating || slices.Contains(system, n.Name) || slices.Contains(exceptions, n.Name) {
				continue
			} else if slices.Contains(unused, n.Name) && n.Labels[enforceLabel] == "" {
				pods := slices.ContainsFunc(judge.Read(c, evidence.KubernetesPods), func(p evidence.KubePod) bool { return p.Namespace == n.Name })
				c.Require(!pods, "namespace "+n.Name, "%s, and pods run there", said(""))
				continue
			}
			level := n.Labels[enforceLabel]
			c.Require(slices.Index(levels, level) >= slices.Index(levels, want), "namespace "+n.Name, "%s", said(level))
		}
		if portal < len(c.Namespaces) {
			c.Unknown("only %d of the portal's %d namespaces were found", portal, len(c.Namespaces))
		}
	},
}

func said(level string) string {
	if level == "" {
		return "it enforces no standard: the label " + enforceLabel + " is missing"
	}
	return "it enforces " + level
}

// podsHardened: labels refuse new pods only; those that ran before stay.
var podsHardened = judge.Checker{
	ID: "kubernetes-pods-hardened", Expected: "no running pod of the portal has a privilege that the restricted standard refuses",
	Needs: needs(evidence.KubernetesPods.Name()),
	Judge: func(c *judge.Case) {
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if !c.Portal(p.Namespace) {
				continue
			}
			wrong := onHost(p.Spec)
			for _, k := range p.Spec.Containers {
				for _, each := range privileges(k) {
					wrong = append(wrong, fmt.Sprintf("%s %s %s", k.Role, k.Name, each))
				}
			}
			c.Require(len(wrong) == 0, podAt(p, ""), "%s", strings.Join(wrong, "; "))
		}
	},
}

func onHost(s evidence.KubePodSpec) []string {
	var wrong []string
	for _, each := range []struct {
		is   bool
		what string
	}{{s.HostNetwork, "network"}, {s.HostPID, "processes"}, {s.HostIPC, "IPC"}} {
		if each.is {
			wrong = append(wrong, "it shares the node's "+each.what)
		}
	}
	for _, path := range s.HostPaths {
		wrong = append(wrong, "it mounts the node's "+path)
	}
	return wrong
}

func privileges(k evidence.KubeContainer) []string {
	var wrong []string
	if k.Privileged {
		wrong = append(wrong, "is privileged")
	}
	if k.Escalates {
		wrong = append(wrong, "may escalate its privileges")
	}
	if k.Root {
		wrong = append(wrong, "may run as root")
	}
	for _, name := range k.Capabilities {
		if name != "NET_BIND_SERVICE" { // the one that the restricted standard lets be added
			wrong = append(wrong, "adds the capability "+name)
		}
	}
	return wrong
}
