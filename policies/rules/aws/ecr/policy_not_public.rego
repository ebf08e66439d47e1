# METADATA
# title: ECR lets only chosen accounts pull and push
# description: >-
#   A policy for everybody gives the images, with whatever was built into them, to
#   any account, or lets any account replace them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
# custom:
#   severity: critical
#   remediation: |
#     Name the accounts or roles, or the organization:
#       "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:ecr/repositoryPolicy:RepositoryPolicy', 'aws:ecr/registryPolicy:RegistryPolicy']
#   reads: [policy]
package gatehouse.aws.ecr.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": message} if {
	some s in iam.exposed
	message := sprintf("%s lets anybody in", [s.label])
}
