# METADATA
# title: OpenSearch stands in a VPC
# description: >-
#   A domain outside a VPC has an endpoint on the internet, with its access policy
#   as the only wall, and cannot be moved inside later.
# related_resources:
# - ref: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
# custom:
#   severity: critical
#   remediation: |
#     Give the domain subnets and a security group at creation:
#       opensearch.DomainVpcOptionsArgs{SubnetIds: subnets, SecurityGroupIds: pulumi.StringArray{group.ID()}}
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20, A.8.22]
#     Guide: ['readiness: Network Segmentation']
#   resource_types: ['aws:opensearch/domain:Domain']
#   reads: [vpcOptions.subnetIds]
package gatehouse.aws.opensearch.in_vpc

deny contains {"path": ["vpcOptions", "subnetIds"], "message": "the endpoint is on the internet"} if {
	count([id | some id in input.properties.vpcOptions.subnetIds]) == 0
}
