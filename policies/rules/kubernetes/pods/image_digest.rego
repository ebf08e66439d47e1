# METADATA
# title: Images are named by digest
# description: >-
#   A tag can be pushed again, by a mistake or by whoever got into the registry; a digest is
#   the image that was scanned and signed.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   severity: low
#   remediation: |
#     Let the build write the digest that it pushed:
#       image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/portal@sha256:4f53…
#     An image that plugins are rebuilt into is named before it is built: docs/plugins.md
#     ("Rebuild") has the waiver for it.
#   frameworks:
#     NIST 800-53: [SI-7, CM-14]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#   resource_types: ["$pods"]
#   images:
#   - $pod.containers[*].image
#   - $pod.initContainers[*].image
#   - $pod.ephemeralContainers[*].image
#   unless: exempt
#   parameters:
#     exempt:
#       type: array
#       items: {type: string, minLength: 1}
#       default: []
#       description: Registries, folders of them or repositories whose images need no digest; * stands for any characters but a slash.
package gatehouse.kubernetes.pods.image_digest

import data.gatehouse.lib.images
import data.gatehouse.lib.pods

deny contains {"path": pods.at(reference.container, ["image"]), "message": sprintf("image %s has no digest", [reference.text])} if {
	some reference in images.references
	not regex.match(`^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$`, reference.digest)
	not images.among(reference, data.parameters["kubernetes-pods-image-digest"].exempt)
}
