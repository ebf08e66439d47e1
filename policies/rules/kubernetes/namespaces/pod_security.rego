# METADATA
# title: Namespaces enforce a Pod Security Standard
# description: >-
#   Without the label anybody who may create a pod there may create a privileged one.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
# custom:
#   severity: high
#   remediation: |
#     Label the namespace:
#       labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: latest}
#   frameworks:
#     CIS EKS: ["4.2.1"]
#     CIS Kubernetes: ["5.2.1"]
#     NIST 800-53: [AC-6, CM-7]
#     SOC 2: [CC6.8]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["kubernetes:core/*:Namespace"]
#   reads: [metadata.labels]
#   parameters:
#     least: {type: string, enum: [baseline, restricted], default: baseline, description: "the weakest standard that will do"}
package gatehouse.kubernetes.namespaces.pod_security

key := "pod-security.kubernetes.io/enforce"

enough := {
	"baseline": {"baseline", "restricted"},
	"restricted": {"restricted"},
}

enforced := object.get(input.properties, ["metadata", "labels", key], "nothing")

deny contains {"path": ["metadata", "labels", key], "message": sprintf("%s is enforced", [enforced])} if {
	not enforced in enough[data.parameters["kubernetes-namespaces-pod-security"].least]
}
