# METADATA
# title: Creating a cluster makes nobody its administrator
# description: >-
#   The grant that EKS gives to whoever created the cluster is in no program: no
#   review sees it, and it stays with the pipeline's or a person's role for good.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
# custom:
#   severity: medium
#   remediation: |
#     Turn it off at creation and grant access by name; a cluster that has it needs the entry deleted instead:
#       eks.ClusterAccessConfigArgs{BootstrapClusterCreatorAdminPermissions: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Access Reviews", "readiness: RBAC"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [accessConfig.bootstrapClusterCreatorAdminPermissions]
package gatehouse.aws.eks.creator_not_admin

keys := ["accessConfig", "bootstrapClusterCreatorAdminPermissions"]

deny contains {"path": keys, "message": "who creates the cluster administers it"} if {
	object.get(input.properties, keys, true) != false
}
