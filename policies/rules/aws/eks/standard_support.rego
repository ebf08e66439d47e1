# METADATA
# title: The cluster does not slip into extended support
# description: >-
#   By default a cluster that nobody upgrades goes into extended support, at six
#   times the price, and stays on an old version without anybody noticing.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html
# custom:
#   severity: low
#   remediation: |
#     Let AWS upgrade it at the end of standard support, and upgrade it yourself before:
#       eks.ClusterUpgradePolicyArgs{SupportType: pulumi.String("STANDARD")}
#   frameworks:
#     NIST 800-53: [SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ["readiness: Cluster Version"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [upgradePolicy.supportType]
package gatehouse.aws.eks.standard_support

deny contains {"path": ["upgradePolicy", "supportType"], "message": "the cluster goes into extended support"} if {
	object.get(input.properties, ["upgradePolicy", "supportType"], "EXTENDED") != "STANDARD"
}
