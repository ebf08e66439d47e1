# METADATA
# title: Policy documents can be read
# description: >-
#   A document that is no JSON is refused by AWS in the middle of an update, and
#   no other rule can judge it.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   severity: high
#   remediation: |
#     Let the program write the JSON:
#       text, err := json.Marshal(document)
#   frameworks:
#     NIST 800-53: [AC-6, CM-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#   resource_types:
#   - aws:iam/policy:Policy
#   - aws:iam/rolePolicy:RolePolicy
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/groupPolicy:GroupPolicy
#   - aws:iam/role:Role
#   - aws:kms/key:Key
#   - aws:kms/keyPolicy:KeyPolicy
#   - aws:kms/replicaKey:ReplicaKey
#   - aws:kms/externalKey:ExternalKey
#   - aws:secretsmanager/secret:Secret
#   - aws:secretsmanager/secretPolicy:SecretPolicy
#   - aws:sns/topic:Topic
#   - aws:sns/topicPolicy:TopicPolicy
#   - aws:sqs/queue:Queue
#   - aws:sqs/queuePolicy:QueuePolicy
#   - aws:backup/vaultPolicy:VaultPolicy
#   - aws:cloudwatch/logResourcePolicy:LogResourcePolicy
#   - aws:s3/bucketPolicy:BucketPolicy
#   - aws:ecr/repositoryPolicy:RepositoryPolicy
#   - aws:efs/fileSystemPolicy:FileSystemPolicy
#   - aws:ec2/vpcEndpoint:VpcEndpoint
#   - aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy
#   - aws:opensearch/domain:Domain
#   - aws:opensearch/domainPolicy:DomainPolicy
#   - aws:ecr/registryPolicy:RegistryPolicy
#   - aws:s3control/accessPointPolicy:AccessPointPolicy
#   - aws:kms/replicaExternalKey:ReplicaExternalKey
#   - aws:cloudwatch/eventBusPolicy:EventBusPolicy
#   - aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy
#   reads: [policy, inlinePolicy, assumeRolePolicy, "inlinePolicies[*].policy", policyDocument, accessPolicies]
package gatehouse.aws.iam.policy_readable

import data.gatehouse.lib.iam

deny contains {"path": path, "message": "the policy document is no JSON object"} if {
	some path in iam.unreadable
}
