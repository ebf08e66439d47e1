# METADATA
# title: Images have a tag that does not move
# description: >-
#   What latest is today is not what it was when it was tested, and two pods of one
#   Deployment may run different programs.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   severity: medium
#   remediation: |
#     Name the version, better still the digest:
#       image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/portal:1.4.2
#   frameworks:
#     NIST 800-53: [CM-2, SI-7]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#   resource_types: ["$pods"]
#   images:
#   - $pod.containers[*].image
#   - $pod.initContainers[*].image
#   - $pod.ephemeralContainers[*].image
#   parameters:
#     moving:
#       type: array
#       items: {type: string, pattern: "^[a-z0-9_.-]+$"}
#       default: [latest]
#       description: Tags, in small letters, that are known to move.
package gatehouse.kubernetes.pods.image_tag

import data.gatehouse.lib.images
import data.gatehouse.lib.pods

deny contains {"path": pods.at(reference.container, ["image"]), "message": message(reference)} if {
	some reference in images.references
	images.moves(reference, data.parameters["kubernetes-pods-image-tag"].moving)
}

message(reference) := sprintf("image %s has no tag", [reference.text]) if {
	reference.tag == ""
} else := sprintf("the tag of image %s moves", [reference.text])
