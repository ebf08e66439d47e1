# METADATA
# title: Domains of APIs speak TLS 1.2 and newer only
# description: >-
#   TLS 1.0 has been broken, and an attacker on the way chooses the weakest that
#   both sides accept.
# related_resources:
# - ref: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
# custom:
#   severity: high
#   remediation: |
#     Name the policy:
#       apigateway.DomainNameArgs{SecurityPolicy: pulumi.String("TLS_1_2")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: API Security", "deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"]
#   reads: [securityPolicy, domainNameConfiguration.securityPolicy]
package gatehouse.aws.apigateway.tls_modern

path := ["securityPolicy"] if startswith(input.type, "aws:apigateway/")

path := ["domainNameConfiguration", "securityPolicy"] if startswith(input.type, "aws:apigatewayv2/")

deny contains {"path": path, "message": "TLS 1.0 is accepted"} if object.get(input.properties, path, "TLS_1_0") == "TLS_1_0"
