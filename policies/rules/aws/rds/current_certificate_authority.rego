# METADATA
# title: RDS shows a certificate of a current authority
# description: >-
#   The authority rds-ca-2019 expired in August 2024; clients that check
#   certificates refuse its servers, and the others check nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
# custom:
#   severity: high
#   remediation: |
#     Give clients the new bundle, then name the authority:
#       rds.InstanceArgs{CaCertIdentifier: pulumi.String("rds-ca-rsa2048-g1")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-17]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['readiness: Certificate Management']
#   resource_types:
#   - aws:rds/instance:Instance
#   - aws:rds/clusterInstance:ClusterInstance
#   - aws:rds/cluster:Cluster
#   reads: [caCertIdentifier, caCertificateIdentifier]
#   parameters:
#     authorities:
#       type: array
#       items: {type: string}
#       minItems: 1
#       default: [rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1]
#       description: The authorities that are allowed.
package gatehouse.aws.rds.current_certificate_authority

deny contains {"path": [key], "message": message} if {
	some key in ["caCertIdentifier", "caCertificateIdentifier"]
	authority := input.properties[key]
	not authority in {"", null}
	not authority in data.parameters["aws-rds-current-certificate-authority"].authorities
	message := sprintf("the certificate authority is %v", [authority])
}
