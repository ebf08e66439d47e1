package cluster

import (
	"fmt"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// version: guide's "Cluster Version", as far as the cluster itself can tell. Its
// support is AWS's to say.
var version = judge.Checker{
	ID: "kubernetes-version", Expected: "the API server is new enough",
	Needs: needs(evidence.KubernetesVersion.Name()),
	Judge: func(c *judge.Case) {
		least := c.Text("minimumVersion")
		c.Expect("the API server is at least Kubernetes %s", least)
		major, minor := parse(least)
		v := judge.Read(c, evidence.KubernetesVersion)
		if v.Git == "" {
			return
		}
		c.Require(v.Major > major || v.Major == major && v.Minor >= minor, "the API server", "it is Kubernetes %s", v.Git)
		c.Note("Kubernetes %s", v.Git)
	},
}

// parse takes "1.28" apart.
func parse(version string) (major, minor int) {
	first, second, _ := strings.Cut(version, ".")
	major, err := strconv.Atoi(first)
	if err == nil {
		minor, err = strconv.Atoi(second)
	}
	if err != nil {
		panic(fmt.Sprintf("%q is no version such as 1.28", version))
	}
	return major, minor
}

// workers: guide's "Node Configuration". EKS runs the masters itself, in three
// zones, and does not show them as nodes; where a cluster shows its own, they
// are counted.
var workers = judge.Checker{
	ID: "kubernetes-workers", Expected: "enough workers are ready, over enough zones",
	Needs: needs(evidence.KubernetesNodes.Name()),
	Judge: func(c *judge.Case) {
		least, zones, masters := c.Int("minimumWorkers"), c.Int("minimumZones"), c.Int("minimumMasters")
		c.Expect("at least %d workers are ready and take pods, in at least %d zones; masters that the cluster shows are at least %d", least, zones, masters)
		nodes := judge.Read(c, evidence.KubernetesNodes)
		if len(nodes) == 0 {
			return
		}
		found, seen, own := 0, map[string]bool{}, 0
		for _, n := range nodes {
			switch {
			case n.Conditions.Get("Ready").Status != "True":
			case n.ControlPlane:
				own++
			case !n.Unschedulable:
				found++
				if n.Zone != "" {
					seen[n.Zone] = true
				}
			}
		}
		c.Require(found >= least, "the cluster", "%s ready and taking pods, of %s", count(found, "worker"), count(len(nodes), "node"))
		c.Require(len(seen) >= zones, "the cluster", "its ready workers are in %s", count(len(seen), "zone"))
		if own > 0 {
			c.Require(own >= masters, "the cluster", "%s ready", count(own, "master"))
		}
		c.Note("%d workers in %d zones", found, len(seen))
	},
}

// pressures are the conditions that must not be True.
var pressures = []string{"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}

var nodesHealthy = judge.Checker{
	ID: "kubernetes-nodes-healthy", Expected: "every node is ready, takes pods and is short of nothing",
	Needs: needs(evidence.KubernetesNodes.Name()),
	Judge: func(c *judge.Case) {
		for _, n := range judge.Read(c, evidence.KubernetesNodes) {
			ready := n.Conditions.Get("Ready")
			var wrong []string
			if ready.Status != "True" {
				wrong = append(wrong, "is not ready ("+ready.Reason+")")
			}
			if n.Unschedulable {
				wrong = append(wrong, "is cordoned: uncordon it, or end its maintenance")
			}
			for _, kind := range pressures {
				if n.Conditions.Get(kind).Status == "True" {
					wrong = append(wrong, "reports "+kind)
				}
			}
			c.Require(len(wrong) == 0, "node "+n.Name, "it %s", strings.Join(wrong, ", "))
		}
	},
}
