# METADATA
# title: A cluster has the nodes that production needs
# description: >-
#   With fewer nodes than planned for the loss of a zone leaves too little room
#   for the pods that must move.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
# custom:
#   severity: medium
#   remediation: |
#     Raise the minimum of the node groups:
#       eks.NodeGroupScalingConfigArgs{MinSize: pulumi.Int(6), DesiredSize: pulumi.Int(6), MaxSize: pulumi.Int(12)}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Node Configuration"]
#   subjects: ["aws:eks/cluster:Cluster"]
#   resource_types: ["aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"]
#   reads:
#     aws:eks/nodeGroup:NodeGroup: [clusterName]
#   contents:
#     aws:eks/nodeGroup:NodeGroup: [scalingConfig.minSize]
#   parameters:
#     nodes: {type: integer, minimum: 1, default: 6, description: How many nodes a cluster has at the least.}
#     environments:
#       type: array
#       items: {type: string}
#       default: [production]
#       description: The environments that need so many.
package gatehouse.graph.cluster_capacity

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": message} if {
	input.stack in data.parameters["graph-cluster-capacity"].environments
	wanted := data.parameters["graph-cluster-capacity"].nodes
	some r in graph.of("eks/Cluster")
	sizes := [[group.urn, group.properties.scalingConfig.minSize] |
		some group in graph.of("eks/NodeGroup")
		r.urn in group.links.clusterName
	]
	count(sizes) > 0
	least := sum([size[1] | some size in sizes])
	least < wanted
	message := sprintf("the node groups have %d nodes at the least, of %d", [least, wanted])
}
