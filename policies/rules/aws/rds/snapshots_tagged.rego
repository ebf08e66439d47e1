# METADATA
# title: RDS copies its tags to snapshots
# description: >-
#   A snapshot without tags has no owner and no data class, so no rule of access,
#   cost or retention finds it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
# custom:
#   severity: low
#   remediation: |
#     Copy the tags:
#       rds.InstanceArgs{CopyTagsToSnapshot: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CM-8, AC-16]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.9, A.5.13]
#     Guide: ['readiness: Data Classification']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [copyTagsToSnapshot]
package gatehouse.aws.rds.snapshots_tagged

deny contains {"path": ["copyTagsToSnapshot"], "message": "snapshots have no tags"} if {
	not object.get(input.properties, "copyTagsToSnapshot", null) in {true, "true"}
}

remedy contains {"path": ["copyTagsToSnapshot"], "value": true}
