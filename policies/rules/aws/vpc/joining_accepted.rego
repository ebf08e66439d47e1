# METADATA
# title: Nobody joins the network without being accepted
# description: >-
#   What accepts by itself lets any account that learned its name connect: an
#   endpoint service to what is behind it, a transit gateway to every VPC on it.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
# custom:
#   severity: medium
#   remediation: |
#     Accept each connection on purpose:
#       ec2.VpcEndpointServiceArgs{AcceptanceRequired: pulumi.Bool(true)}
#       ec2transitgateway.TransitGatewayArgs{AutoAcceptSharedAttachments: pulumi.String("disable")}
#   frameworks:
#     NIST 800-53: [AC-4, CA-3, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Segmentation"]
#   resource_types: ["aws:ec2/vpcEndpointService:VpcEndpointService", "aws:ec2transitgateway/transitGateway:TransitGateway"]
#   reads: [acceptanceRequired, autoAcceptSharedAttachments]
package gatehouse.aws.vpc.joining_accepted

deny contains {"path": ["acceptanceRequired"], "message": "endpoints of others connect without being accepted"} if {
	input.properties.acceptanceRequired in {false, "false"}
}

deny contains {"path": ["autoAcceptSharedAttachments"], "message": "networks of others attach without being accepted"} if {
	lower(input.properties.autoAcceptSharedAttachments) == "enable"
}
