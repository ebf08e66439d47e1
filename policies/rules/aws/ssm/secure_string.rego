# METADATA
# title: Parameters that hold secrets are encrypted
# description: >-
#   A parameter of type String shows its value to everybody who may list
#   parameters, and its history keeps it.
# related_resources:
# - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
# custom:
#   severity: high
#   remediation: |
#     Make it a SecureString, under a new name if the old value has been seen:
#       ssm.ParameterArgs{Type: pulumi.String("SecureString"), Value: password, KeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [IA-5, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:ssm/parameter:Parameter
#   reads: [name, type]
package gatehouse.aws.ssm.secure_string

deny contains {
	"path": ["type"],
	"message": sprintf("%s is of type %s", [input.properties.name, kind]),
} if {
	regex.match(`(passw(or)?d|secret|token|api[-_]?key|private[-_]?key|credentials?)$`, lower(input.properties.name))
	kind := object.get(input.properties, "type", "String")
	kind != "SecureString"
}
