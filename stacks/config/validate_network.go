package config

import (
	"slices"
	"strings"
)

const (
	// AWS allows /16 to /28; more than /20 leaves no room for two zones.
	vpcWidest, vpcNarrowest = 16, 20
	smallestEdgeSubnet      = 26
	smallestNodeSubnet      = 21
	// EKS needs subnets in two zones; the readiness guide's three control
	// plane nodes and six workers want three.
	minZones, minZonesInProduction, maxZones = 2, 3, 6
	// Source: AWS Client VPN, rules and best practices.
	vpnWidest, vpnNarrowest = 12, 22
)

// network checks the VPC, its zones and their subnets.
func (v validator) network() {
	if v.production() && v.readable("network.natGateways") && v.Config.Network.NATGateways == NATSingle {
		v.refuse("network.natGateways", "production needs a NAT gateway in each zone, so that no zone depends on another: set natGateways: perZone")
	}
	hasRange := v.vpcRange()
	if v.Config.Network.Zones == nil {
		return
	}
	v.zoneCount(len(v.Config.Network.Zones))
	if len(v.Config.Network.Zones) > maxZones {
		return
	}
	for _, name := range v.Config.Network.ZoneNames() {
		v.zoneName(name)
	}
	v.subnets(hasRange)
}

// vpcRange checks the range of the VPC itself, and says whether subnets can be
// measured by it.
func (v validator) vpcRange() bool {
	const path = "network.cidr"
	vpc := v.Config.Network.CIDR
	switch {
	case !v.readable(path):
	case !vpc.Addr().Is4():
		v.refuse(path, "%s is IPv6; a VPC begins with an IPv4 range", vpc)
	case vpc.Bits() < vpcWidest || vpc.Bits() > vpcNarrowest:
		v.refuse(path, "%s is a /%d; a VPC is a /%d to /%d", vpc, vpc.Bits(), vpcWidest, vpcNarrowest)
	case !vpc.within(privateRanges()):
		v.refuse(path, "%s is public address space; use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10", vpc)
	default:
		return true
	}
	return false
}

func (v validator) zoneCount(count int) {
	const path = "network.zones"
	switch {
	case v.production() && count < minZonesInProduction:
		v.refuse(path, "has %d; production needs subnets in %d or more availability zones (readiness guide, Kubernetes Cluster)", count, minZonesInProduction)
	case count < minZones:
		v.refuse(path, "has %d; EKS needs subnets in %d or more availability zones", count, minZones)
	case count > maxZones:
		v.refuse(path, "has %d; no region has more than %d availability zones", count, maxZones)
	}
}

func (v validator) zoneName(name string) {
	region := string(v.Config.Environment.Region)
	if !v.readable("environment.region") {
		return
	}
	letter, found := strings.CutPrefix(name, region)
	if !found || len(letter) != 1 || letter < "a" || letter > "f" {
		v.refuse(join("network.zones", name), "%s is not an availability zone of %s%s, such as %sa", quote(name), region, v.line("environment.region"), region)
	}
}

// subnet is one subnet with its place in the configuration.
type subnet struct {
	path string
	cidr CIDR
	// narrowest is the most prefix bits that leave enough addresses.
	narrowest int
	why       string
}

// readableSubnets lists the subnets that could be read, sorted by zone.
func (v validator) readableSubnets() []subnet {
	var all []subnet
	for _, name := range v.Config.Network.ZoneNames() {
		path, zone := join("network.zones", name), v.Config.Network.Zones[name]
		all = append(all,
			subnet{path + ".public", zone.Public, smallestEdgeSubnet, "load balancers and NAT gateways"},
			subnet{path + ".private", zone.Private, smallestNodeSubnet, "the addresses of nodes and pods"},
			subnet{path + ".data", zone.Data, smallestEdgeSubnet, "the data stores and their failovers"},
		)
	}
	return slices.DeleteFunc(all, func(s subnet) bool { return !v.readable(s.path) })
}

// subnets checks each subnet, and each against all before it.
func (v validator) subnets(hasRange bool) {
	all := v.readableSubnets()
	vpc := v.Config.Network.CIDR
	for i, s := range all {
		switch {
		case !s.cidr.Addr().Is4():
			v.refuse(s.path, "%s is IPv6; subnets are IPv4", s.cidr)
			continue
		case s.cidr.Bits() > s.narrowest:
			v.refuse(s.path, "%s is too small: %d addresses; %s need a /%d or larger", s.cidr, s.cidr.ipv4Size(), s.why, s.narrowest)
		case s.cidr.Bits() < vpcWidest:
			v.refuse(s.path, "%s is too large; a subnet is a /%d or smaller", s.cidr, vpcWidest)
		}
		if hasRange && !vpc.covers(s.cidr) {
			v.refuse(s.path, "%s is outside the VPC's range %s%s", s.cidr, vpc, v.line("network.cidr"))
		}
		for _, earlier := range all[:i] {
			if s.cidr.Overlaps(earlier.cidr.Prefix) {
				v.refuse(s.path, "%s overlaps %s of %s%s", s.cidr, earlier.cidr, namespace+earlier.path, v.line(earlier.path))
			}
		}
	}
}

// vpn checks the Client VPN.
func (v validator) vpn() {
	vpn := v.Config.Network.VPN
	if vpn == nil {
		return
	}
	const path = "network.vpn.clientCidr"
	if v.readable(path) {
		switch {
		case !vpn.ClientCIDR.Addr().Is4() || vpn.ClientCIDR.Bits() < vpnWidest || vpn.ClientCIDR.Bits() > vpnNarrowest:
			v.refuse(path, "%s is not an IPv4 range of a /%d to /%d", vpn.ClientCIDR, vpnWidest, vpnNarrowest)
		case v.readable("network.cidr") && vpn.ClientCIDR.Overlaps(v.Config.Network.CIDR.Prefix):
			v.refuse(path, "%s overlaps the VPC's range %s%s", vpn.ClientCIDR, v.Config.Network.CIDR, v.line("network.cidr"))
		}
	}
	v.certificate("network.vpn.serverCertificateArn", vpn.ServerCertificateARN)
	v.certificate("network.vpn.clientRootCertificateArn", vpn.ClientRootCertificateARN)
}

// certificate checks that an ARN is an ACM certificate of the environment.
func (v validator) certificate(path string, arn ARN) {
	env := v.Config.Environment
	switch {
	case !v.readable(path):
	case arn.Service() != "acm" || !strings.HasPrefix(arn.Resource(), "certificate/"):
		v.refuse(path, "%s is not an ACM certificate, such as arn:aws:acm:us-west-2:111122223333:certificate/ID", quote(string(arn)))
	case v.readable("environment.region") && arn.Region() != env.Region:
		v.refuse(path, "the certificate is in %s; Client VPN needs one in the environment's region %s%s", arn.Region(), env.Region, v.line("environment.region"))
	case v.readable("environment.accountId") && arn.Account() != env.AccountID:
		v.refuse(path, "the certificate is in account %s; Client VPN needs one in the environment's account %s%s", arn.Account(), env.AccountID, v.line("environment.accountId"))
	}
}
