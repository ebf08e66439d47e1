package node

import (
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
)

// Labels that a real node of an environment has: the pool's own, EKS's, and
// the deployment guide's for spot capacity ("Use Spot Instances for Build
// Jobs").
const (
	labelPool      = "gatehouse/pool"
	labelGroup     = "eks.amazonaws.com/nodegroup"
	labelCapacity  = "eks.amazonaws.com/capacityType"
	labelLifecycle = "node.kubernetes.io/lifecycle"
	spot           = "spot"
)

// pool is a group of nodes that are alike, spread over the zones.
type pool struct {
	name, instanceType string
	nodes              int
	spot               bool
}

// pools are those of every environment, in the size that the readiness guide
// asks for: six workers over three zones, and what the cluster itself needs.
func pools() []pool {
	return []pool{
		{name: "system", instanceType: "m7i.large", nodes: 3},
		{name: "apps", instanceType: "m7i.xlarge", nodes: 6},
		{name: "build", instanceType: "m7i.xlarge", nodes: 1, spot: true},
	}
}

// member is one node.
type member struct {
	name, zone, address string
	labels              map[string]string
	taints              []corev1.Taint
}

// firstAddress of the nodes, and of pods on the host's network. It is from a
// range that is kept for documentation (RFC 5737), because endpoints may not
// name a loopback address.
var firstAddress = netip.MustParseAddr("192.0.2.10")

// fleet lists the nodes of a region: NAME-1, NAME-2, … of each pool, in turn in
// the zones a, b and c.
func fleet(region string) []member {
	var members []member
	address := firstAddress
	for _, p := range pools() {
		for i := range p.nodes {
			m := member{
				name: fmt.Sprintf("%s-%d", p.name, i+1), zone: region + string("abc"[i%3]), address: address.String(),
			}
			m.labels = map[string]string{
				corev1.LabelHostname:           m.name,
				corev1.LabelOSStable:           "linux",
				corev1.LabelArchStable:         "amd64",
				corev1.LabelInstanceTypeStable: p.instanceType,
				corev1.LabelTopologyZone:       m.zone,
				corev1.LabelTopologyRegion:     region,
				labelPool:                      p.name,
				labelGroup:                     p.name,
				labelCapacity:                  "ON_DEMAND",
			}
			if p.spot {
				m.labels[labelCapacity], m.labels[labelLifecycle] = "SPOT", spot
				m.taints = []corev1.Taint{{Key: spot, Value: "true", Effect: corev1.TaintEffectNoSchedule}}
			}
			members = append(members, m)
			address = address.Next()
		}
	}
	return members
}
