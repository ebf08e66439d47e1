package operations

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var deploymentSettled = judge.Checker{
	ID:       "deployment-settled",
	Expected: "The last deployment ended well: no operation was cut off, and nothing is left half done",
	Needs:    []evidence.Name{evidence.StateSummaries.Name()},
	Judge: func(c *judge.Case) {
		s := judge.Read(c, evidence.StateSummaries)
		for _, p := range s.Pending {
			c.FailWith(p.URN, "look at what the cloud has, then pulumi refresh", "%s was cut off: nobody knows whether it was done", p.Operation)
		}
		for _, urn := range s.Doomed {
			c.FailWith(urn, "run pulumi up again", "was replaced and still waits for its deletion")
		}
		for _, urn := range s.Tainted {
			c.FailWith(urn, "run pulumi up again", "was created and did not become ready")
		}
		total := 0
		for _, count := range s.Resources {
			total += count
		}
		if total > 0 {
			c.Saw()
		}
		c.Note("%d resources of %s, deployed %s by pulumi %s", total, s.Stack, s.Updated.UTC().Format(time.RFC3339), s.Pulumi)
	},
}

// eksCluster is the type of an EKS cluster in a state.
const eksCluster = "aws:eks/cluster:Cluster"

var networkPolicyAddOn = judge.Checker{
	ID:       "network-policy-add-on",
	Expected: "The VPC CNI of the cluster enforces NetworkPolicies",
	Needs:    []evidence.Name{evidence.StateSummaries.Name(), evidence.StateAddOns.Name()},
	Judge: func(c *judge.Case) {
		summary := judge.Read(c, evidence.StateSummaries)
		found := false
		for _, a := range judge.Read(c, evidence.StateAddOns) {
			if a.Name != "vpc-cni" {
				continue
			}
			found = true
			how := "is " + a.NetworkPolicy
			if a.NetworkPolicy == "" {
				how = "is not set, which means false"
			}
			if a.NetworkPolicy == "true" {
				c.Saw()
			} else {
				c.FailWith("add-on vpc-cni of "+a.Cluster, `set enableNetworkPolicy to "true" in its configuration values`,
					"enableNetworkPolicy %s: NetworkPolicies are accepted and not enforced", how)
			}
			c.Note("vpc-cni %s has enableNetworkPolicy %s", a.Version, a.NetworkPolicy)
		}
		switch {
		case found:
		case summary.Resources[eksCluster] == 0:
			c.NotApplicable("the stack has no EKS cluster")
		default:
			c.Unknown("the stack manages no add-on vpc-cni: what enforces NetworkPolicies cannot be told from its state")
		}
	},
}

// clusterAccessNarrow: thresholds maxAdmins.
var clusterAccessNarrow = judge.Checker{
	ID:       "cluster-access-narrow",
	Expected: "Few roles administer the EKS cluster, and neither users nor the account's root do",
	Needs:    []evidence.Name{evidence.StateSummaries.Name(), evidence.StateAccesses.Name()},
	Judge: func(c *judge.Case) {
		most := c.Int("maxAdmins")
		c.Expect("at most %d principals administer the EKS cluster, all of them roles, and none is in system:masters", most)
		summary := judge.Read(c, evidence.StateSummaries)
		admins := map[string][]string{}
		for _, a := range judge.Read(c, evidence.StateAccesses) {
			where := fmt.Sprintf("%s in cluster %s", a.Principal, a.Cluster)
			switch {
			case slices.Contains(a.Groups, "system:masters"):
				c.FailWith(where, "give it an access policy", "is in system:masters, which no authoriser can limit")
			case strings.HasSuffix(a.Principal, ":root") || strings.Contains(a.Principal, ":user/"):
				c.FailWith(where, "give access to a role that people assume", "is not a role: its credentials do not end")
			default:
				c.Saw()
			}
			if slices.ContainsFunc(a.Policies, administers) {
				admins[a.Cluster] = append(admins[a.Cluster], a.Principal)
			}
		}
		for cluster, principals := range admins {
			c.Require(len(principals) <= most, "cluster "+cluster, "%d principals administer it: %s", len(principals), strings.Join(principals, ", "))
			c.Note("%d administer %s", len(principals), cluster)
		}
		if summary.Resources[eksCluster] == 0 {
			c.NotApplicable("the stack has no EKS cluster")
		}
	},
}

// administers tells whether an access policy is all over the whole cluster.
func administers(policy string) bool {
	return strings.HasSuffix(policy, "cluster-access-policy/AmazonEKSClusterAdminPolicy") ||
		strings.HasSuffix(policy, "cluster-access-policy/AmazonEKSAdminPolicy")
}
