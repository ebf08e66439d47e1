// Package cluster judges what runs in the Kubernetes cluster and what it runs
// on: nodes, namespaces, storage, network, workloads and their rollouts.
//
// Who may do what, secrets, certificates and the mesh are in access.
package cluster

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		version, workers, nodesHealthy,
		bounds, quotas, storageClasses, claims,
		networkPolicies, enforcement,
		podSecurity, podsHardened,
		probes, variables, logSettings, logCollector,
		ingress, autoscaling, nodeAutoscaler, budgets,
		monitoringWorkloads, images, jobs,
		backups, drill,
		strategy, rollouts, rollback, references, podsHealthy,
	}
}

// needs names queries.
func needs(names ...evidence.Name) []evidence.Name { return names }

// portal are the workloads of the portal's namespaces.
func portal(c *judge.Case) []evidence.KubeWorkload {
	return slices.DeleteFunc(slices.Clone(judge.Read(c, evidence.KubernetesWorkloads)), func(w evidence.KubeWorkload) bool {
		return !c.Portal(w.Namespace)
	})
}

// deployments are the portal's Deployments that are meant to run.
func deployments(c *judge.Case) []evidence.KubeWorkload {
	return slices.DeleteFunc(portal(c), func(w evidence.KubeWorkload) bool { return w.Kind != "Deployment" || w.Desired == 0 })
}

// where names a workload, and a container of it unless that is "".
func where(w evidence.KubeWorkload, container string) string {
	text := strings.ToLower(w.Kind) + " " + w.String()
	if container != "" {
		text += ", container " + container
	}
	return text
}

func podAt(p evidence.KubePod, container string) string {
	text := "pod " + p.String()
	if container != "" {
		text += ", container " + container
	}
	return text
}

// called tells whether a workload is the one of that name, or a slot of it.
func called(w evidence.KubeWorkload, name string) bool {
	return w.Name == name || w.Name == name+"-blue" || w.Name == name+"-green"
}

// is tells whether a workload is a program of that name, by the label that
// charts put on its pods, or by its own name.
func is(w evidence.KubeWorkload, program string) bool {
	return w.PodLabels["app.kubernetes.io/name"] == program || w.PodLabels["app"] == program || w.Name == program
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
