package mesh

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatehouse/components/flows"
)

// Exclusion is what reaches a workload of the mesh past its sidecar: without
// mutual TLS, and guarded by NetworkPolicies alone.
type Exclusion struct {
	// Workload is a workload of the mesh.
	Workload flows.Workload
	// Ports are the container's ports; none means all of them.
	Ports []int
	// Why says who has to get in without an identity.
	Why string
}

// Annotations are what the workload's pods carry so that it is so ("Resource
// Annotations" of Istio).
func (e Exclusion) Annotations() map[string]string {
	if len(e.Ports) == 0 {
		return map[string]string{"traffic.sidecar.istio.io/includeInboundPorts": ""}
	}
	var ports []string
	for _, port := range e.Ports {
		ports = append(ports, strconv.Itoa(port))
	}
	return map[string]string{"traffic.sidecar.istio.io/excludeInboundPorts": strings.Join(ports, ",")}
}

// Labels are what the workload's pods carry besides: where no port is the
// sidecar's, others must be told not to speak mutual TLS to it.
func (e Exclusion) Labels() map[string]string {
	if len(e.Ports) == 0 {
		return map[string]string{"security.istio.io/tlsMode": "disabled"}
	}
	return nil
}

func (e Exclusion) check() error {
	if strings.TrimSpace(e.Why) == "" {
		return fmt.Errorf("exclude ports of %s: say why", e.Workload.App)
	}
	if !e.Workload.Meshed {
		return fmt.Errorf("exclude ports of %s: it has no sidecar", e.Workload.App)
	}
	return nil
}

// excluded tells whether a port of a workload is left alone by its sidecar.
func excluded(exclusions []Exclusion, w flows.Workload, port int) bool {
	return slices.ContainsFunc(exclusions, func(e Exclusion) bool {
		return e.Workload.App == w.App && (len(e.Ports) == 0 || slices.Contains(e.Ports, port))
	})
}
