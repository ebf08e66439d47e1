# METADATA
# title: The cluster's API answers inside the VPC
# description: >-
#   Without a private endpoint, nodes talk to the API server over the internet:
#   the public endpoint can never be closed, and every call leaves the VPC.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   severity: high
#   remediation: |
#     Turn the private endpoint on:
#       eks.ClusterVpcConfigArgs{EndpointPrivateAccess: pulumi.Bool(true)}
#   frameworks:
#     CIS EKS: ["5.4.2"]
#     NIST 800-53: [SC-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Network Segmentation", "deployment: Provision Kubernetes cluster (EKS/GKE/AKS)"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [vpcConfig.endpointPrivateAccess]
package gatehouse.aws.eks.endpoint_private

deny contains {"path": ["vpcConfig", "endpointPrivateAccess"], "message": "the private endpoint is off"} if {
	not input.properties.vpcConfig.endpointPrivateAccess
}
