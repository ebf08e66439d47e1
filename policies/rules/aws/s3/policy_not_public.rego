# METADATA
# title: S3 policies let only chosen callers in
# description: >-
#   A statement for everybody makes the bucket public the moment that the public
#   access block is taken away.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: critical
#   remediation: |
#     Name the roles, or hold callers to an account, an organization or an endpoint:
#       "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
#   frameworks:
#     CIS AWS: [2.1.4]
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:s3/bucketPolicy:BucketPolicy', 'aws:s3control/accessPointPolicy:AccessPointPolicy']
#   reads: [policy]
package gatehouse.aws.s3.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": message} if {
	some s in iam.exposed
	message := sprintf("%s lets anybody in", [s.label])
}
