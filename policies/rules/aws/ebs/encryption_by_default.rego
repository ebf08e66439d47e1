# METADATA
# title: EBS encrypts new volumes by default
# description: >-
#   Volumes that Kubernetes and autoscaling make are in no program; only the
#   region's default encrypts them all.
# related_resources:
# - ref: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
# custom:
#   severity: high
#   remediation: |
#     Enable it in every region that is used:
#       ebs.EncryptionByDefaultArgs{Enabled: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: [2.2.1]
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:ebs/encryptionByDefault:EncryptionByDefault']
#   reads: [enabled]
package gatehouse.aws.ebs.encryption_by_default

deny contains {"path": ["enabled"], "message": "new volumes are not encrypted"} if {
	input.properties.enabled in {false, "false"}
}

remedy contains {"path": ["enabled"], "value": true}
