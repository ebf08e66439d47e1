package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// logCollector: guide's "Log aggregation".
var logCollector = judge.Checker{
	ID: "kubernetes-log-collector", Expected: "a log collector runs on every node",
	Needs: needs(evidence.KubernetesWorkloads.Name(), evidence.KubernetesNodes.Name()),
	Judge: func(c *judge.Case) {
		names := c.Texts("logCollectors")
		c.Expect("a DaemonSet of %s is ready on every node", strings.Join(names, ", "))
		nodes := len(judge.Read(c, evidence.KubernetesNodes))
		found := false
		for _, w := range judge.Read(c, evidence.KubernetesWorkloads) {
			if w.Kind != "DaemonSet" || !slices.ContainsFunc(names, func(name string) bool { return is(w, name) }) {
				continue
			}
			found = true
			switch {
			case w.Desired == 0 || w.Ready < w.Desired:
				c.Fail(where(w, ""), "%d of %d pods are ready", w.Ready, w.Desired)
			case w.Desired < nodes:
				c.FailWith(where(w, ""), "let it tolerate every taint", "it is meant for %d of %d nodes: the others' logs are not collected", w.Desired, nodes)
			default:
				c.Saw()
				c.Note("%s is ready on %d nodes", w.String(), w.Ready)
			}
		}
		if !found {
			c.Unknown("no DaemonSet of %s was found; install one, or attest what collects logs instead", strings.Join(names, ", "))
		}
	},
}

// monitoringWorkloads: guide's "Prometheus and Grafana". That they work is the
// Prometheus checkers' to say.
var monitoringWorkloads = judge.Checker{
	ID: "kubernetes-monitoring-workloads", Expected: "the monitoring's workloads are ready",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		names := c.Texts("monitoring")
		c.Expect("%s run, all their pods ready", strings.Join(names, ", "))
		all, whole := judge.Whole(c, evidence.KubernetesWorkloads)
		var missing []string
		for _, name := range names {
			if !present(c, all, name) {
				missing = append(missing, name)
			}
		}
		if len(missing) == len(names) {
			c.Unknown("none of %s was found in the cluster; install them, or attest what watches it instead", strings.Join(names, ", "))
			return
		}
		if whole {
			for _, name := range missing {
				c.Fail(name, "no workload of it was found")
			}
		}
	},
}

// present judges the workloads of a program, and tells whether there is any.
func present(c *judge.Case, all []evidence.KubeWorkload, program string) bool {
	found := false
	for _, w := range all {
		if w.Serves() && is(w, program) {
			found = true
			c.Require(w.Desired > 0 && w.Ready >= w.Desired, where(w, ""), "%d of %d pods are ready", w.Ready, w.Desired)
		}
	}
	return found
}

// nodeAutoscaler: guide's "Auto-scaling", of the nodes. EKS Auto Mode runs none
// in the cluster.
var nodeAutoscaler = judge.Checker{
	ID: "kubernetes-node-autoscaler", Expected: "an autoscaler of nodes runs",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		names := c.Texts("nodeAutoscalers")
		c.Expect("one of %s runs, all its pods ready", strings.Join(names, ", "))
		all, found := judge.Read(c, evidence.KubernetesWorkloads), false
		for _, name := range names {
			found = present(c, all, name) || found
		}
		if !found {
			c.Unknown("none of %s was found in the cluster; install one, or attest what adds nodes instead (EKS Auto Mode)", strings.Join(names, ", "))
		}
	},
}
