# METADATA
# title: Nodes run an image that still gets updates
# description: >-
#   EKS no longer publishes images of Amazon Linux 2, so that nodes on it keep
#   every flaw of the kernel and the container runtime that is found from now on.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html
# custom:
#   severity: medium
#   remediation: |
#     Move to Amazon Linux 2023 or Bottlerocket; a new node group takes over the pods:
#       eks.NodeGroupArgs{AmiType: pulumi.String("AL2023_x86_64_STANDARD")}
#   frameworks:
#     NIST 800-53: [SI-2, SA-22]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#   resource_types: ["aws:eks/nodeGroup:NodeGroup"]
#   reads: [amiType]
#   parameters:
#     retired:
#       type: array
#       items: {type: string}
#       default: [AL2_x86_64, AL2_x86_64_GPU, AL2_ARM_64]
#       description: AMI types that get no more updates
package gatehouse.aws.eks.nodes_image_supported

deny contains {"path": ["amiType"], "message": sprintf("%s gets no more updates", [input.properties.amiType])} if {
	input.properties.amiType in data.parameters["aws-eks-nodes-image-supported"].retired
}
