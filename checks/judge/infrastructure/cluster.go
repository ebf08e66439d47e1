package infrastructure

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// clusterZones takes the place of the guide's three masters: AWS runs at least
// two API servers and three etcd members over three zones of the region for
// every cluster (EKS user guide, "Resilience in Amazon EKS"). What is ours is
// that its interfaces stand in three zones too.
var clusterZones = judge.Checker{
	ID:       "eks-control-plane-zones",
	Expected: "The control plane is active, without health issues, and reached in several zones",
	Needs:    []evidence.Name{evidence.AWSCluster.Name(), evidence.AWSNetwork.Name()},
	Judge: func(c *judge.Case) {
		want := c.Int("zones")
		c.Expect("The control plane is active, without health issues, and reached in %d zones or more", want)
		cluster, network := judge.Read(c, evidence.AWSCluster), judge.Read(c, evidence.AWSNetwork)
		if cluster.Name == "" {
			return
		}
		where := "cluster " + cluster.Name
		// UPDATING serves as before: AWS replaces the API servers one by one.
		c.Require(cluster.Status == "ACTIVE" || cluster.Status == "UPDATING", where, "its status is %s", cluster.Status)
		for _, issue := range cluster.Issues {
			c.Fail(where, "EKS says %s", issue)
		}
		var zones []string
		for _, id := range cluster.Subnets {
			at := slices.IndexFunc(network.Subnets, func(s evidence.Subnet) bool { return s.ID == id })
			if at < 0 {
				c.Unknown("the zone of subnet %s of %s cannot be told: it is not among the VPC's", id, where)
				return
			}
			zones = append(zones, network.Subnets[at].Zone)
		}
		zones = distinct(zones)
		c.Require(len(zones) >= want, where, "its subnets are in %d zones (%s), %d are wanted", len(zones), list(zones), want)
		c.Note("active in %s; AWS runs two API servers and three etcd members or more over three zones", list(zones))
	},
}

var clusterLogs = judge.Checker{
	ID:       "eks-control-plane-logs",
	Expected: "The control plane writes its logs to CloudWatch",
	Needs:    []evidence.Name{evidence.AWSCluster.Name()},
	Judge: func(c *judge.Case) {
		want := c.Texts("controlPlaneLogs")
		c.Expect("The control plane writes these logs to CloudWatch: %s", list(want))
		cluster := judge.Read(c, evidence.AWSCluster)
		if cluster.Name == "" {
			return
		}
		absent := lacking(want, cluster.Logs)
		if len(absent) > 0 {
			c.FailWith("cluster "+cluster.Name, "turn them on: aws eks update-cluster-config --logging", "these logs are off: %s", list(absent))
			return
		}
		c.Saw()
		c.Note("on: %s", list(cluster.Logs))
	},
}

var clusterSecrets = judge.Checker{
	ID:       "eks-secrets-encrypted",
	Expected: "Kubernetes secrets are encrypted with a KMS key of the account's own",
	Needs:    []evidence.Name{evidence.AWSCluster.Name()},
	Judge: func(c *judge.Case) {
		cluster := judge.Read(c, evidence.AWSCluster)
		if cluster.Name == "" {
			return
		}
		if !cluster.EncryptsSecrets {
			c.FailWith("cluster "+cluster.Name, "aws eks associate-encryption-config with a KMS key; it cannot be taken back",
				"no KMS key of the account's encrypts secrets")
			return
		}
		c.Saw()
		c.Note("a KMS key of the account's encrypts secrets")
	},
}
