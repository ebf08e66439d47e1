# METADATA
# title: ECR encrypts images with a customer-managed key
# description: >-
#   The key of AES256 belongs to ECR and the one that AWS manages to nobody;
#   neither can be disabled when an image must not be read any more.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
# custom:
#   severity: low
#   remediation: |
#     Give the key at creation; a change replaces the repository:
#       ecr.RepositoryEncryptionConfigurationArgs{EncryptionType: pulumi.String("KMS"), KmsKey: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:ecr/repository:Repository
#   - aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate
#   reads: [encryptionConfigurations]
package gatehouse.aws.ecr.customer_key

deny contains {"path": ["encryptionConfigurations"], "message": "images are encrypted with a key of ECR's"} if {
	count(configurations) == 0
}

deny contains {"path": ["encryptionConfigurations", i, "encryptionType"], "message": "images are encrypted with a key of ECR's"} if {
	some i, c in configurations
	is_object(c)
	not object.get(c, "encryptionType", null) in {"KMS", "KMS_DSSE"}
}

deny contains {"path": ["encryptionConfigurations", i, "kmsKey"], "message": "the key is the one that AWS manages"} if {
	some i, c in configurations
	c.encryptionType in {"KMS", "KMS_DSSE"}
	object.get(c, "kmsKey", "") in {"", null, "alias/aws/ecr"}
}

configurations := [c | some c in input.properties.encryptionConfigurations]
