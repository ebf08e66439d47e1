package infrastructure

import (
	"net/netip"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var clusterEndpoint = judge.Checker{
	ID:       "eks-endpoint-private",
	Expected: "Administrators reach the API server over a VPN, or from few known addresses",
	Needs:    []evidence.Name{evidence.AWSCluster.Name(), evidence.AWSVPNs.Name()},
	Judge: func(c *judge.Case) {
		four, six := c.Int("widestIPv4"), c.Int("widestIPv6")
		c.Expect("The API server has a private endpoint; the public one is off and a Client VPN is there, or it takes no range wider than /%d (IPv4) or /%d (IPv6)", four, six)
		cluster := judge.Read(c, evidence.AWSCluster)
		if cluster.Name == "" {
			return
		}
		where := "cluster " + cluster.Name
		c.Require(cluster.Private, where, "its private endpoint is off, so that nodes reach it over the internet")
		if cluster.Public {
			openEndpoint(c, where, cluster.PublicCIDRs, four, six)
			return
		}
		vpns := judge.Read(c, evidence.AWSVPNs)
		for _, vpn := range vpns {
			if vpn.Status != "available" {
				c.Fail("Client VPN "+vpn.ID, "its status is %s, so that nobody can administer the cluster", vpn.Status)
				continue
			}
			c.Require(vpn.Logs, "Client VPN "+vpn.ID, "connections are not logged")
			c.Note("the public endpoint is off; people come over the Client VPN %s", vpn.ID)
		}
		if len(vpns) == 0 {
			c.Unknown("the public endpoint is off and the VPC has no Client VPN: which other way administrators take cannot be told from AWS")
		}
	},
}

// openEndpoint judges who may reach a public endpoint. EKS takes an empty list
// for everybody.
func openEndpoint(c *judge.Case, where string, ranges []string, four, six int) {
	const remedy = "limit publicAccessCidrs to the office's addresses, or turn the public endpoint off"
	if len(ranges) == 0 {
		c.FailWith(where, remedy, "its public endpoint is open to the whole internet")
	}
	for _, text := range ranges {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			c.Unknown("the range %q of %s cannot be understood", text, where)
			continue
		}
		least := four
		if prefix.Addr().Is6() {
			least = six
		}
		switch {
		case prefix.Bits() == 0:
			c.FailWith(where, remedy, "its public endpoint is open to the whole internet (%s)", text)
		case prefix.Bits() < least:
			c.FailWith(where, remedy, "its public endpoint is open to %s, wider than /%d", text, least)
		default:
			c.Saw()
			c.Note("the public endpoint takes %s alone", text)
		}
	}
}
