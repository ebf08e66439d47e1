# METADATA
# title: Symmetric keys rotate
# description: >-
#   A key that never changes protects all data ever written with one secret, and
#   whoever gets it reads everything.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   severity: medium
#   remediation: |
#     Let AWS renew the key; what was encrypted before stays readable:
#       kms.KeyArgs{EnableKeyRotation: pulumi.Bool(true), RotationPeriodInDays: pulumi.Int(365)}
#   frameworks:
#     CIS AWS: ["3.6"]
#     NIST 800-53: [SC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:kms/key:Key
#   reads: [enableKeyRotation, customerMasterKeySpec, customKeyStoreId, xksKeyId]
package gatehouse.aws.kms.rotation

deny contains {"path": [], "message": "enableKeyRotation is not true"} if {
	rotatable
	not object.get(input.properties, "enableKeyRotation", false) in {true, "true"}
}

remedy contains {"path": ["enableKeyRotation"], "value": true} if rotatable

# rotatable holds for keys that AWS can renew: symmetric ones in its own store.
rotatable if {
	object.get(input.properties, "customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
	not input.properties.customKeyStoreId
	not input.properties.xksKeyId
}
