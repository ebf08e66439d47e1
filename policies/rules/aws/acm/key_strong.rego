# METADATA
# title: Certificates have strong keys
# description: >-
#   A 1024-bit RSA key can be factored by those who have the means, and browsers
#   do not trust it any more.
# related_resources:
# - ref: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
# custom:
#   severity: high
#   remediation: |
#     Use RSA with 2048 bits or an elliptic curve:
#       acm.CertificateArgs{KeyAlgorithm: pulumi.String("EC_prime256v1")}
#   frameworks:
#     NIST 800-53: [SC-12, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["aws:acm/certificate:Certificate"]
#   reads: [keyAlgorithm]
package gatehouse.aws.acm.key_strong

deny contains {"path": ["keyAlgorithm"], "message": sprintf("the key is %s", [input.properties.keyAlgorithm])} if {
	regex.match(`^RSA_(\d{3}|1\d{3})$`, upper(input.properties.keyAlgorithm))
}
