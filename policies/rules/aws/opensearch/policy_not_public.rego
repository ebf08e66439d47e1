# METADATA
# title: The OpenSearch access policy lets only chosen callers in
# description: >-
#   Inside a VPC or not, a policy for everybody lets any pod that reaches the
#   endpoint read and delete every index.
# related_resources:
# - ref: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
# custom:
#   severity: critical
#   remediation: |
#     Name the roles that may call:
#       {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/logs"}, "Action": "es:ESHttp*", "Resource": "*"}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:opensearch/domain:Domain', 'aws:opensearch/domainPolicy:DomainPolicy']
#   reads: [accessPolicies]
package gatehouse.aws.opensearch.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": message} if {
	some s in iam.exposed
	message := sprintf("%s lets anybody in", [s.label])
}
