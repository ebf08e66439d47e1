# METADATA
# title: The EFS policy lets only chosen clients in
# description: >-
#   A statement for everybody that holds nobody to a mount target or an account
#   lets any client on the network mount the files.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
# custom:
#   severity: critical
#   remediation: |
#     Name the roles, or hold clients to the mount targets that your security groups guard:
#       "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:efs/fileSystemPolicy:FileSystemPolicy']
#   reads: [policy]
package gatehouse.aws.efs.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": message} if {
	some s in iam.exposed
	message := sprintf("%s lets anybody in", [s.label])
}
