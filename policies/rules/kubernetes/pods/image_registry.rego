# METADATA
# title: Images come from registries that are allowed
# description: >-
#   An image of a registry that nobody watches is a program of strangers, and is gone when
#   they take it away.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   severity: high
#   remediation: |
#     Copy the image to a registry of yours, or let ECR pull it through its cache:
#       image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1.29.0
#   frameworks:
#     CIS EKS: ["5.1.4"]
#     NIST 800-53: [CM-7, CM-11, SR-3]
#     SOC 2: [CC6.8]
#     ISO 27001: [A.8.19]
#   resource_types: ["$pods"]
#   images:
#   - $pod.containers[*].image
#   - $pod.initContainers[*].image
#   - $pod.ephemeralContainers[*].image
#   unless: allowed
#   parameters:
#     allowed:
#       type: array
#       items: {type: string, minLength: 1}
#       default: []
#       description: Registries, folders of them or repositories (docker.io/library/nginx); * stands for any characters but a slash. Empty allows all.
package gatehouse.kubernetes.pods.image_registry

import data.gatehouse.lib.images
import data.gatehouse.lib.pods

deny contains {"path": pods.at(reference.container, ["image"]), "message": sprintf("%s is of no allowed registry", [images.repository(reference)])} if {
	allowed := data.parameters["kubernetes-pods-image-registry"].allowed
	count(allowed) > 0
	some reference in images.references
	not images.among(reference, allowed)
}
