# METADATA
# title: The cluster enforces its network policies
# description: >-
#   The VPC CNI ignores NetworkPolicies unless told to enforce them: they are
#   accepted, listed, and without effect.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
# custom:
#   severity: high
#   remediation: |
#     Turn enforcement on in the vpc-cni add-on:
#       eks.AddonArgs{AddonName: pulumi.String("vpc-cni"), ConfigurationValues: pulumi.String(`{"enableNetworkPolicy":"true"}`), …}
#   frameworks:
#     CIS EKS: ["4.3.1"]
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Policies"]
#   subjects: ["aws:eks/cluster:Cluster"]
#   resource_types:
#   - aws:eks/cluster:Cluster
#   - aws:eks/addon:Addon
#   - kubernetes:networking.k8s.io/*:NetworkPolicy
#   - kubernetes:helm.sh/v3:Release
#   reads:
#     aws:eks/addon:Addon: [clusterName]
#   contents:
#     aws:eks/addon:Addon: [addonName, configurationValues]
#     kubernetes:helm.sh/v3:Release: [chart]
package gatehouse.graph.cluster_network_policies

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "NetworkPolicies exist, and nothing enforces them"} if {
	count(graph.of("networking.k8s.io/NetworkPolicy")) > 0
	not other_enforcer
	some r in graph.of("eks/Cluster")
	not r.urn in enforcing
}

enforcing := {urn |
	some r in graph.of("eks/Addon")
	r.properties.addonName == "vpc-cni"
	json.is_valid(r.properties.configurationValues)
	graph.truthy(json.unmarshal(r.properties.configurationValues).enableNetworkPolicy)
	some urn in r.links.clusterName
}

# Other CNIs enforce on their own.
other_enforcer if {
	some r in graph.of("helm.sh/Release")
	some name in ["calico", "tigera", "cilium"]
	contains(r.properties.chart, name)
}
