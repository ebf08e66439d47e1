# METADATA
# title: The nodes of a cluster stand in three zones
# description: >-
#   With nodes in fewer zones the loss of one takes half of the capacity or all,
#   and quorums of three cannot be spread.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/best-practices/reliability.html
# custom:
#   severity: high
#   level: advisory
#   remediation: |
#     Give the node groups subnets in three zones:
#       eks.NodeGroupArgs{SubnetIds: pulumi.StringArray{privateA.ID(), privateB.ID(), privateC.ID()}, …}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["readiness: Node Configuration"]
#   subjects: ["aws:eks/nodeGroup:NodeGroup"]
#   resource_types: ["aws:eks/nodeGroup:NodeGroup", "aws:eks/cluster:Cluster", "aws:ec2/subnet:Subnet"]
#   reads:
#     aws:eks/nodeGroup:NodeGroup: [subnetIds, clusterName]
#   contents:
#     aws:ec2/subnet:Subnet: [availabilityZone]
#   parameters:
#     zones: {type: integer, minimum: 1, default: 3, description: How many zones there must be at the least.}
package gatehouse.graph.nodes_across_zones

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["subnetIds"], "message": message} if {
	some r in graph.of("eks/NodeGroup")
	not elsewhere(r)
	all_zones := zones(r)
	count(all_zones) < data.parameters["graph-nodes-across-zones"].zones
	message := sprintf("the nodes stand in %d of %d zones", [count(all_zones), data.parameters["graph-nodes-across-zones"].zones])
}

# zones are those of all node groups of the same cluster: one group a zone is
# as good.
zones(r) := {zone |
	some other in graph.of("eks/NodeGroup")
	same_cluster(r, other)
	some subnet in graph.links(other, "subnetIds", "ec2/Subnet")
	zone := graph.resource[subnet].properties.availabilityZone
}

same_cluster(r, other) if r.urn == other.urn

same_cluster(r, other) if count(graph.links(r, "clusterName", "eks/Cluster") & graph.links(other, "clusterName", "eks/Cluster")) > 0

# elsewhere tells whether a group has subnets that the stack does not know.
elsewhere(r) if count(r.properties.subnetIds) > count(graph.links(r, "subnetIds", "ec2/Subnet"))
