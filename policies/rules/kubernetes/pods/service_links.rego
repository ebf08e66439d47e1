# METADATA
# title: Pods get no variables of other Services
# description: >-
#   Kubernetes writes the address of every Service of the namespace into the environment
#   unless told not to: a map for intruders, and, with thousands of Services, more than a
#   process can start with.
# related_resources:
# - ref: https://kubernetes.io/docs/tutorials/services/connect-applications-service/
# custom:
#   severity: low
#   remediation: |
#     Turn them off and use DNS:
#       spec: {enableServiceLinks: false}
#   frameworks:
#     NIST 800-53: [CM-7, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.enableServiceLinks
package gatehouse.kubernetes.pods.service_links

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["enableServiceLinks"]), "message": "variables of all Services are set"} if {
	is_object(pods.spec)
	not pods.spec.enableServiceLinks == false
}
