# METADATA
# title: Certificates are in the transparency logs
# description: >-
#   Browsers refuse certificates that no log knows, and the logs are where the
#   owner of a domain sees that somebody else got a certificate for it.
# related_resources:
# - ref: https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html#concept-transparency
# custom:
#   severity: low
#   remediation: |
#     Keep the default:
#       acm.CertificateOptionsArgs{CertificateTransparencyLoggingPreference: pulumi.String("ENABLED")}
#   frameworks:
#     NIST 800-53: [SC-17]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["aws:acm/certificate:Certificate"]
#   reads: [options.certificateTransparencyLoggingPreference]
package gatehouse.aws.acm.transparency_logged

deny contains {"path": ["options", "certificateTransparencyLoggingPreference"], "message": "it is kept out of the logs"} if {
	input.properties.options.certificateTransparencyLoggingPreference == "DISABLED"
}
