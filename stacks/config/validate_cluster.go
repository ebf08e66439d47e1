package config

import (
	"slices"
	"strings"
	"time"
)

const (
	// Source: EKS quotas, "Public endpoint access CIDR ranges per cluster".
	maxPublicRanges = 40
	// publicWidest keeps "a few networks" from meaning a part of the internet.
	publicWidest = 16
)

// cluster checks the version, the way to the API server and who may use it.
func (v validator) cluster() {
	if v.readable("cluster.version") {
		v.kubernetesVersion()
	}
	v.publicRanges()
	v.principals()
}

func (v validator) kubernetesVersion() {
	const path = "cluster.version"
	version := v.Config.Cluster.Version
	end, known := supportEnds()[version]
	choices := make([]string, 0, 4)
	for _, supported := range supportedVersions(v.now) {
		choices = append(choices, string(supported))
	}
	list := strings.Join(choices, ", ")
	switch {
	case !known:
		v.refuse(path, "Kubernetes %s is not in the table of EKS support; supported are %s (a newer one is added in stacks/config/kubernetes-support.json)", version, list)
	case !supported(end, v.now):
		v.refuse(path, "Kubernetes %s left EKS standard support on %s; supported are %s", version, end.Format(time.DateOnly), list)
	case !end.IsZero() && end.Sub(v.now) < supportWarning:
		v.warn(path, "Kubernetes %s leaves EKS standard support on %s; plan the upgrade (supported are %s)", version, end.Format(time.DateOnly), list)
	}
}

// publicRanges checks who may reach the public endpoint.
func (v validator) publicRanges() {
	const path = "cluster.publicAccessCidrs"
	ranges := v.Config.Cluster.PublicAccessCIDRs
	if len(ranges) > maxPublicRanges {
		v.refuse(path, "has %d ranges; EKS takes %d", len(ranges), maxPublicRanges)
	}
	for i, r := range ranges {
		path := item(path, i)
		switch {
		case !v.readable(path):
		case r.Bits() == 0:
			v.refuse(path, "%s opens the API server to the whole internet; list your own networks, or none and use the VPN", r)
		case !r.Addr().Is4():
			v.refuse(path, "%s is IPv6; the endpoint of an IPv4 cluster takes IPv4 ranges", r)
		case r.Bits() < publicWidest:
			v.refuse(path, "%s is %d addresses of the internet; list ranges of a /%d or smaller", r, r.ipv4Size(), publicWidest)
		case r.within(privateRanges()):
			v.refuse(path, "%s is private and never reaches the public endpoint; list public addresses", r)
		case slices.Contains(ranges[:i], r):
			v.refuse(path, "%s is listed twice", r)
		}
	}
}

// principals checks that each access entry is one IAM principal, once.
func (v validator) principals() {
	cluster := v.Config.Cluster
	if v.readable("cluster.admins") && len(cluster.Admins) == 0 {
		v.refuse("cluster.admins", "is empty; nobody could administer the cluster: list one IAM role or more")
	}
	first := make(map[ARN]string)
	for _, list := range []struct {
		path string
		arns []ARN
	}{{"cluster.admins", cluster.Admins}, {"cluster.readOnly", cluster.ReadOnly}} {
		for i, arn := range list.arns {
			path := item(list.path, i)
			if !v.readable(path) {
				continue
			}
			if !isPrincipal(arn) {
				v.refuse(path, "%s is not an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin", quote(string(arn)))
			}
			if earlier, twice := first[arn]; twice {
				v.refuse(path, "is listed already as %s%s; EKS has one access entry a principal", namespace+earlier, v.line(earlier))
				continue
			}
			first[arn] = path
		}
	}
}

// isPrincipal says that EKS takes the ARN for an access entry.
func isPrincipal(arn ARN) bool {
	kind, name, _ := strings.Cut(arn.Resource(), "/")
	return arn.Service() == "iam" && arn.Region() == "" && arn.Account() != "" && (kind == "role" || kind == "user") && name != ""
}
