package infrastructure

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var groupsFromAnywhere = judge.Checker{
	ID:       "security-groups-from-anywhere",
	Expected: "Security groups let the whole internet in at web ports alone",
	Needs:    []evidence.Name{evidence.AWSSecurityGroups.Name()},
	Judge: func(c *judge.Case) {
		ports := c.Texts("publicPorts")
		c.Expect("Security groups of the VPC let the whole internet in at these ports alone: %s", list(ports))
		groups := judge.Read(c, evidence.AWSSecurityGroups)
		for _, group := range groups {
			open := openings(group, ports)
			for _, each := range open {
				c.FailWith("security group "+group.Name+" ("+group.ID+")", "take the rule away, or limit it to known addresses or groups", "%s", each)
			}
			if len(open) == 0 {
				c.Saw()
			}
		}
		c.Note("%d security groups, none open to the internet but at %s", len(groups), list(ports))
	},
}

// openings says what a group lets in from everywhere that it must not.
func openings(group evidence.SecurityGroup, ports []string) []string {
	var open []string
	for _, rule := range group.Ingress {
		if strings.HasPrefix(rule.Protocol, "icmp") || rule.Protocol == "58" {
			continue // path MTU discovery needs it
		}
		single := (rule.Protocol == "tcp" || rule.Protocol == "udp") && rule.From == rule.To
		if single && slices.Contains(ports, strconv.Itoa(rule.From)) {
			continue
		}
		for _, text := range rule.CIDRs {
			if everywhere(text) {
				open = append(open, fmt.Sprintf("%s lets %s in", text, traffic(rule)))
			}
		}
	}
	return open
}

// everywhere tells whether a range is the internet or a large part of it: two
// halves (0.0.0.0/1, 128.0.0.0/1) are as open as the whole. Private ranges are
// never that.
func everywhere(text string) bool {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return true
	}
	if prefix.Addr().IsPrivate() && prefix.Bits() >= 7 { // fc00::/7 and 10.0.0.0/8
		return false
	}
	if prefix.Addr().Is6() {
		return prefix.Bits() < 16
	}
	return prefix.Bits() < 8
}

func traffic(r evidence.IngressRule) string {
	switch {
	case r.Protocol == "-1":
		return "all traffic"
	case r.From == r.To:
		return fmt.Sprintf("%s port %d", r.Protocol, r.From)
	default:
		return fmt.Sprintf("%s ports %d to %d", r.Protocol, r.From, r.To)
	}
}

var groupsDefault = judge.Checker{
	ID:       "security-groups-default-closed",
	Expected: "The VPC's default security group lets nothing in, so that what forgets to name a group is closed",
	Needs:    []evidence.Name{evidence.AWSSecurityGroups.Name()},
	Judge: func(c *judge.Case) {
		for _, group := range judge.Read(c, evidence.AWSSecurityGroups) {
			if group.Name != "default" {
				continue
			}
			c.Require(len(group.Ingress) == 0, "security group default ("+group.ID+")", "it has %d rules that let traffic in", len(group.Ingress))
			c.Note("the default group %s has no rules", group.ID)
		}
	},
}
