# METADATA
# title: Kubernetes is at a supported version
# description: >-
#   A version past its support gets no fixes for flaws that everyone can read
#   about, costs six times as much, and is upgraded by AWS when it suits AWS.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
# custom:
#   severity: high
#   remediation: |
#     Upgrade one minor version at a time, first the cluster, then its nodes:
#       eks.ClusterArgs{Version: pulumi.String("1.35")}
#   frameworks:
#     NIST 800-53: [SI-2, SA-22]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ["readiness: Cluster Version"]
#   resource_types: ["aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"]
#   reads: [version]
#   parameters:
#     minimum:
#       type: string
#       pattern: ^1\.[0-9]+$
#       default: "1.34"
#       description: The oldest version in standard support; raise it as AWS retires versions
package gatehouse.aws.eks.version_supported

# Left out, a cluster gets the newest version and nodes get the cluster's.
deny contains {"path": ["version"], "message": sprintf("version %s is older than %s", [input.properties.version, minimum])} if {
	minor(input.properties.version) < minor(minimum)
}

minimum := data.parameters["aws-eks-version-supported"].minimum

minor(version) := to_number(split(version, ".")[1])
