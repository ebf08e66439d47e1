package config

import "slices"

const (
	// The readiness guide's 6+ worker nodes, and two for what the cluster
	// itself runs.
	productionAppNodes, productionSystemNodes = 6, 2
	// Source: EKS, CreateNodegroup.
	maxInstanceTypes = 20
)

// nodeGroups checks the three groups.
func (v validator) nodeGroups() {
	groups := v.Config.Cluster.NodeGroups
	const path = "cluster.nodeGroups"
	v.nodeGroup(path+".system", groups.System)
	v.nodeGroup(path+".apps", groups.Apps)
	v.nodeGroup(path+".build", groups.Build)
	if !v.production() {
		return
	}
	v.leastNodes(path+".system.min", groups.System.Min, productionSystemNodes, "")
	v.leastNodes(path+".apps.min", groups.Apps.Min, productionAppNodes, " (readiness guide, Kubernetes Cluster)")
	for i, t := range groups.System.InstanceTypes {
		v.notBurstable(item(path+".system.instanceTypes", i), string(t))
	}
	for i, t := range groups.Apps.InstanceTypes {
		v.notBurstable(item(path+".apps.instanceTypes", i), string(t))
	}
}

func (v validator) leastNodes(path string, nodes, least int, source string) {
	if v.readable(path) && nodes < least {
		v.refuse(path, "has %d; production needs %d or more nodes here%s", nodes, least, source)
	}
}

func (v validator) nodeGroup(path string, group NodeGroup) {
	if v.readable(path+".min", path+".max") && group.Min > group.Max {
		v.refuse(path+".min", "%d is more than max: %d%s", group.Min, group.Max, v.line(path+".max"))
	} else if v.readable(path+".min", path+".max", path+".desired") && (group.Desired < group.Min || group.Desired > group.Max) {
		v.refuse(path+".desired", "%d is not within min: %d and max: %d", group.Desired, group.Min, group.Max)
	}
	types := group.InstanceTypes
	typesPath := path + ".instanceTypes"
	if v.readable(typesPath) && (len(types) == 0 || len(types) > maxInstanceTypes) {
		v.refuse(typesPath, "has %d; a node group has 1 to %d instance types", len(types), maxInstanceTypes)
	}
	for i, t := range types {
		switch typePath := item(typesPath, i); {
		case !v.readable(typePath, item(typesPath, 0)):
		case slices.Contains(types[:i], t):
			v.refuse(typePath, "%s is listed twice", t)
		case t.ARM64() != types[0].ARM64():
			v.refuse(typePath, "%s is %s but %s is %s; a node group has one architecture", t, architecture(t), types[0], architecture(types[0]))
		}
	}
}

func architecture(t InstanceType) string {
	if t.ARM64() {
		return "arm64"
	}
	return "x86-64"
}
