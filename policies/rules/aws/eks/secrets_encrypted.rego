# METADATA
# title: Kubernetes Secrets are encrypted with a key of your own
# description: >-
#   With a key in your account, its policy decides who may read Secrets, and
#   CloudTrail records each use; disabling it locks a stolen copy for good.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
# custom:
#   severity: high
#   remediation: |
#     Name a KMS key; it can be added to an existing cluster, but never removed:
#       eks.ClusterEncryptionConfigArgs{
#           Resources: pulumi.ToStringArray([]string{"secrets"}),
#           Provider:  eks.ClusterEncryptionConfigProviderArgs{KeyArn: key.Arn},
#       }
#   frameworks:
#     CIS EKS: ["5.3.1"]
#     NIST 800-53: [SC-28, SC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Secrets Management"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [encryptionConfig.resources]
package gatehouse.aws.eks.secrets_encrypted

deny contains {"path": ["encryptionConfig", "resources"], "message": "Secrets are not encrypted with a key of your own"} if {
	not "secrets" in object.get(input.properties, ["encryptionConfig", "resources"], [])
}
