package infrastructure

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var networkTiers = judge.Checker{
	ID:       "network-tiers",
	Expected: "Data stores stand in subnets without any way out, nodes in subnets that the internet cannot reach",
	Needs: []evidence.Name{
		evidence.AWSNetwork.Name(), evidence.AWSDatabases.Name(), evidence.AWSNodeGroups.Name(),
	},
	Judge: func(c *judge.Case) {
		network := judge.Read(c, evidence.AWSNetwork)
		for _, database := range judge.Read(c, evidence.AWSDatabases) {
			for _, subnet := range find(c, network, "database "+database.ID, database.Subnets) {
				c.Require(len(subnet.Ways) == 0, place(subnet), "the database %s stands in it, and it has a way out: %s", database.ID, list(subnet.Ways))
			}
		}
		for _, group := range judge.Read(c, evidence.AWSNodeGroups) {
			for _, subnet := range find(c, network, "node group "+group.Name, group.Subnets) {
				switch {
				case slices.Contains(subnet.Ways, evidence.WayInternet):
					c.Fail(place(subnet), "nodes of %s start in it, and it has a route to an internet gateway", group.Name)
				default:
					c.Require(!subnet.GivesPublicIPs, place(subnet), "nodes of %s start in it, and it gives them public addresses", group.Name)
				}
			}
		}
		c.Note("%d subnets: the database's have no way out, the nodes' none that leads in", len(network.Subnets))
	},
}

// find are the subnets of what stands in them. One that is not among the VPC's
// cannot be judged.
func find(c *judge.Case, network evidence.Network, who string, ids []string) []evidence.Subnet {
	var all []evidence.Subnet
	for _, id := range ids {
		at := slices.IndexFunc(network.Subnets, func(s evidence.Subnet) bool { return s.ID == id })
		if at < 0 {
			c.Unknown("%s stands in %s, which is not among the subnets read of the VPC", who, id)
			continue
		}
		all = append(all, network.Subnets[at])
	}
	if len(ids) == 0 {
		c.Unknown("AWS does not say in which subnets %s stands", who)
	}
	return all
}

func place(s evidence.Subnet) string {
	if s.Name == "" {
		return "subnet " + s.ID
	}
	return "subnet " + s.Name + " (" + s.ID + ")"
}

var networkFlowLogs = judge.Checker{
	ID:       "network-flow-logs",
	Expected: "The VPC logs all traffic, and the logs are delivered",
	Needs:    []evidence.Name{evidence.AWSFlowLogs.Name()},
	Judge: func(c *judge.Case) {
		logs, all := judge.Whole(c, evidence.AWSFlowLogs)
		for _, log := range logs {
			if log.Status == "ACTIVE" && log.Delivery != "FAILED" && log.Traffic == "ALL" {
				c.Saw()
				c.Note("flow log %s takes all traffic", log.ID)
				return
			}
		}
		if !all { // the one that is wanted may be among those not read
			return
		}
		for _, log := range logs {
			c.Fail("flow log "+log.ID, "its status is %s, its delivery %s, and it takes %s traffic", log.Status, word(log.Delivery), log.Traffic)
		}
		if len(logs) == 0 {
			c.FailWith("VPC", "create a flow log for ALL traffic to CloudWatch or S3", "it has no flow log")
		}
	},
}

func word(text string) string {
	if text == "" {
		return "unsaid"
	}
	return text
}
