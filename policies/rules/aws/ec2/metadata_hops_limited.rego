# METADATA
# title: Answers of the metadata service go no further than the instance
# description: >-
#   With more than one hop, containers on the instance reach the metadata
#   service too, and with it the role of the whole node.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   severity: medium
#   remediation: |
#     Leave one hop, and give pods roles of their own (IRSA or Pod Identity):
#       ec2.LaunchTemplateMetadataOptionsArgs{HttpPutResponseHopLimit: pulumi.Int(1)}
#   frameworks:
#     NIST 800-53: [AC-6, SC-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads: [metadataOptions.httpPutResponseHopLimit]
#   parameters:
#     hops:
#       type: integer
#       minimum: 1
#       maximum: 64
#       default: 1
#       description: The most hops that an answer may make
package gatehouse.aws.ec2.metadata_hops_limited

deny contains {"path": ["metadataOptions", "httpPutResponseHopLimit"], "message": sprintf("answers go %d hops, over %d", [hops, limit])} if {
	hops := to_number(input.properties.metadataOptions.httpPutResponseHopLimit)
	limit := data.parameters["aws-ec2-metadata-hops-limited"].hops
	hops > limit
}
