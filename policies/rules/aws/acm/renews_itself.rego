# METADATA
# title: Certificates renew themselves
# description: >-
#   An imported certificate expires when somebody forgets it, and one that is
#   validated by mail when somebody misses the mail. DNS validation renews alone.
# related_resources:
# - ref: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
# custom:
#   severity: medium
#   remediation: |
#     Ask ACM for it, validate by DNS and leave the record in place:
#       acm.CertificateArgs{DomainName: pulumi.String("portal.example.com"), ValidationMethod: pulumi.String("DNS")}
#   frameworks:
#     NIST 800-53: [SC-12, SC-17]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management", "deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:acm/certificate:Certificate"]
#   reads: [validationMethod, certificateBody]
package gatehouse.aws.acm.renews_itself

deny contains {"path": ["validationMethod"], "message": "it is validated by mail"} if {
	upper(input.properties.validationMethod) == "EMAIL"
}

deny contains {"path": ["certificateBody"], "message": "it is imported, and ACM does not renew it"} if {
	object.get(input.properties, "certificateBody", "") != ""
}
