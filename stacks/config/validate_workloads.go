package config

import (
	"strconv"
	"strings"
)

// What the sidecar of the mesh adds to a pod. The mesh sets the same numbers.
const (
	SidecarCPU         CPU    = "100m"
	SidecarMemory      Memory = "128Mi"
	SidecarCPULimit    CPU    = "500m"
	SidecarMemoryLimit Memory = "512Mi"
)

const (
	// The deployment guide's "4+ instances" of the application.
	productionFrontends = 4
	// surge is how many pods a rolling update adds (readiness guide, Rolling
	// Deployment).
	surge = 1
)

// placed is a workload with its place in the configuration.
type placed struct {
	path string
	Workload
}

// workloads checks the size of each workload, and that its namespace holds it.
func (v validator) workloads() {
	portal := v.Config.Portal
	frontend := placed{"portal.frontend", portal.Frontend}
	websocket := placed{"portal.websocket", portal.WebSocket}
	backstage := placed{"portal.backstage", portal.Backstage}
	v.roomFor("developer-portal", frontend, websocket)
	v.roomFor("backstage", backstage)
	if v.production() {
		if path := frontend.path + ".minReplicas"; v.readable(path) && frontend.MinReplicas < productionFrontends {
			v.refuse(path, "has %d; production needs %d or more (deployment guide, Infrastructure Architecture)", frontend.MinReplicas, productionFrontends)
		}
		v.leastPods(websocket.path+".minReplicas", websocket.MinReplicas, productionReplicasOfPods)
		v.leastPods(backstage.path+".minReplicas", backstage.MinReplicas, productionReplicasOfPods)
	}
}

// workload checks one size, and says whether it makes sense.
func (v validator) workload(w placed) bool {
	before := len(v.problems)
	if v.readable(w.path+".minReplicas", w.path+".maxReplicas") && w.MinReplicas > w.MaxReplicas {
		v.refuse(w.path+".minReplicas", "%d is more than maxReplicas: %d%s", w.MinReplicas, w.MaxReplicas, v.line(w.path+".maxReplicas"))
	}
	v.requestWithinLimit(w.path, "cpu", "cpuLimit", w.CPU, w.CPULimit)
	v.memoryWithinLimit(w.path, "memory", "memoryLimit", w.Memory, w.MemoryLimit)
	return v.readable(w.path) && len(v.problems) == before
}

// sums are what the pods of a namespace ask for together.
type sums struct{ pods, requestMilli, requestMiB, limitMilli, limitMiB int }

func (s *sums) add(pods int, w Workload) {
	s.pods += pods
	s.requestMilli += pods * (w.CPU.Millicores() + SidecarCPU.Millicores())
	s.requestMiB += pods * (w.Memory.MiB() + SidecarMemory.MiB())
	s.limitMilli += pods * (w.CPULimit.Millicores() + SidecarCPULimit.Millicores())
	s.limitMiB += pods * (w.MemoryLimit.MiB() + SidecarMemoryLimit.MiB())
}

// beside adds the container that loads plugins in each pod of Backstage.
func (s *sums) beside(pods int, c Sidecar) {
	s.requestMilli += pods * c.CPU.Millicores()
	s.requestMiB += pods * c.Memory.MiB()
	s.limitMilli += pods * c.CPULimit.Millicores()
	s.limitMiB += pods * c.MemoryLimit.MiB()
}

// roomFor refuses workloads that the quota of their namespace would stop before
// the autoscaler is done: the most pods of each, one more during an update,
// the other set of a blue-green deployment, each with its sidecar.
func (v validator) roomFor(space string, workloads ...placed) {
	quota := join("platform.quotas", space)
	sensible := v.readable(quota, "portal.strategy", pluginsPath)
	loader := v.Config.Portal.Plugins
	var need sums
	keys := make([]string, len(workloads))
	for i, w := range workloads {
		sensible = v.workload(w) && sensible
		keys[i] = namespace + w.path
		need.add(w.MaxReplicas+surge, w.Workload)
		if v.Config.Portal.Strategy == BlueGreen {
			need.add(w.MinReplicas, w.Workload)
		}
		if w.path == "portal.backstage" && loader.hasSidecar() {
			need.beside(need.pods, loader.Sidecar)
		}
	}
	if over := need.over(v.Config.Platform.Quota(space)); sensible && len(over) > 0 {
		v.refuse(workloads[0].path, "%s at maxReplicas, with sidecars and an update under way, is more than the quota of namespace %s: %s; lower maxReplicas or the limits, or raise %s",
			strings.Join(keys, " and "), space, strings.Join(over, ", "), namespace+quota)
	}
}

// over lists what is more than the quota allows.
func (s sums) over(quota Quota) []string {
	var list []string
	compare := func(key string, need, have int, text func(int) string) {
		if need > have {
			list = append(list, key+" "+text(need)+" of "+text(have))
		}
	}
	compare("requestsCpu", s.requestMilli, quota.RequestsCPU.Millicores(), cpuText)
	compare("requestsMemory", s.requestMiB, quota.RequestsMemory.MiB(), memoryText)
	compare("limitsCpu", s.limitMilli, quota.LimitsCPU.Millicores(), cpuText)
	compare("limitsMemory", s.limitMiB, quota.LimitsMemory.MiB(), memoryText)
	compare("pods", s.pods, quota.Pods, strconv.Itoa)
	return list
}
