# METADATA
# title: The pull policy fits the image
# description: >-
#   Unsaid, the policy is made from the tag when the object is created and stays when the
#   tag changes. A tag that moves needs Always, or every node keeps its own old image; Never
#   runs only where somebody has put the image by hand.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/#updating-images
# custom:
#   severity: low
#   remediation: |
#     Say IfNotPresent for a version or digest, Always for a tag that moves:
#       imagePullPolicy: IfNotPresent
#   frameworks:
#     NIST 800-53: [CM-2, CM-6]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.9]
#   resource_types: ["$pods"]
#   images:
#   - $pod.containers[*].image
#   - $pod.initContainers[*].image
#   - $pod.ephemeralContainers[*].image
#   reads:
#   - $pod.containers[*].imagePullPolicy
#   - $pod.initContainers[*].imagePullPolicy
#   - $pod.ephemeralContainers[*].imagePullPolicy
#   parameters:
#     moving:
#       type: array
#       items: {type: string, pattern: "^[a-z0-9_.-]+$"}
#       default: [latest]
#       description: Tags, in small letters, that are known to move.
package gatehouse.kubernetes.pods.image_pull_policy

import data.gatehouse.lib.images
import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["imagePullPolicy"]), "message": message(c)} if {
	some c in pods.containers
	not pulled(c)
}

pulled(c) if c.container.imagePullPolicy in {"IfNotPresent", "Always"}

message(c) := "the node must have the image already" if {
	c.container.imagePullPolicy == "Never"
} else := "no pull policy is said"

deny contains {"path": pods.at(reference.container, ["imagePullPolicy"]), "message": "a tag that moves is not pulled again"} if {
	some reference in images.references
	reference.container.container.imagePullPolicy == "IfNotPresent"
	images.moves(reference, data.parameters["kubernetes-pods-image-pull-policy"].moving)
}

remedy contains {"path": pods.at(reference.container, ["imagePullPolicy"]), "value": fitting(reference)} if {
	some reference in images.references
}

fitting(reference) := "Always" if {
	images.moves(reference, data.parameters["kubernetes-pods-image-pull-policy"].moving)
} else := "IfNotPresent" if {
	not pulled(reference.container)
}
