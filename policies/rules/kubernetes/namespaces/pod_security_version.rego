# METADATA
# title: Namespaces say which version of the standard they enforce
# description: >-
#   What is enforced without a version is chosen by the API server's configuration, and
#   may change with the cluster under running workloads.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
# custom:
#   severity: low
#   remediation: |
#     Label the version; latest is a choice too:
#       labels: {pod-security.kubernetes.io/enforce-version: v1.34}
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [CC8.1]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["kubernetes:core/*:Namespace"]
#   reads: [metadata.labels]
package gatehouse.kubernetes.namespaces.pod_security_version

key := "pod-security.kubernetes.io/enforce-version"

version := object.get(input.properties, ["metadata", "labels", key], "")

# Both labels decide: the path is above them.
deny contains {"path": ["metadata", "labels"], "message": "no version of the standard is named"} if {
	input.properties.metadata.labels["pod-security.kubernetes.io/enforce"]
	version in ["", null]
}

deny contains {"path": ["metadata", "labels"], "message": sprintf("%s is no version of Kubernetes", [version])} if {
	not version in ["", "latest", null]
	not regex.match(`^v1\.[0-9]+$`, version)
}
