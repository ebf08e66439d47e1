# METADATA
# title: Pods have a controller
# description: >-
#   A bare pod is gone when its node is; nothing makes it anew.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods
# custom:
#   severity: medium
#   remediation: |
#     Declare a Deployment, or a Job for what ends:
#       kind: Deployment
#   frameworks:
#     NIST 800-53: [CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   resource_types: ["kubernetes:core/*:Pod"]
#   reads: [metadata.ownerReferences, metadata.annotations]
package gatehouse.kubernetes.workloads.owned_pods

deny contains {"path": ["metadata"], "message": "no controller makes this pod anew"} if {
	object.get(input.properties, ["metadata", "ownerReferences"], null) in [null, []]
	not transient
}

# Tests and hooks of a Helm chart, and what the kubelet itself runs.
transient if input.properties.metadata.annotations["helm.sh/hook"]

transient if input.properties.metadata.annotations["kubernetes.io/config.mirror"]
