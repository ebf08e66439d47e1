# METADATA
# title: No key lets everybody use it
# description: >-
#   A key policy that names everybody lets every AWS account decrypt what the
#   key protects.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: critical
#   remediation: |
#     Name the account or the roles, or hold everybody to one account:
#       "Principal": {"AWS": "arn:aws:iam::111122223333:root"}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6, SC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24, A.8.3]
#   resource_types:
#   - aws:kms/key:Key
#   - aws:kms/keyPolicy:KeyPolicy
#   - aws:kms/replicaKey:ReplicaKey
#   - aws:kms/externalKey:ExternalKey
#   - aws:kms/replicaExternalKey:ReplicaExternalKey
#   reads: [policy]
package gatehouse.aws.kms.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s lets everybody use the key", [s.label])} if {
	some s in iam.exposed
}
