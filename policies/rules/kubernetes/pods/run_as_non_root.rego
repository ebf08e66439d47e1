# METADATA
# title: Containers do not run as root
# description: >-
#   Root in a container is root on the node as soon as it gets out; runAsNonRoot makes the
#   kubelet refuse an image that would run as root.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Say it for the pod, and build the image with a USER:
#       spec: {securityContext: {runAsNonRoot: true, runAsUser: 1000}}
#   frameworks:
#     PSS: ["restricted: Running as Non-root"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.runAsNonRoot
#   - $pod.containers[*].name
#   - $pod.initContainers[*].name
#   - $pod.ephemeralContainers[*].name
#   - $pod.containers[*].securityContext.runAsNonRoot
#   - $pod.initContainers[*].securityContext.runAsNonRoot
#   - $pod.ephemeralContainers[*].securityContext.runAsNonRoot
package gatehouse.kubernetes.pods.run_as_non_root

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": security.decider(c, "runAsNonRoot"), "message": sprintf("container %v may run as root", [object.get(c.container, "name", "")])} if {
	some c in pods.containers
	not c.container.securityContext.runAsNonRoot == true
	not settled(c)
}

# Admission refuses a pod that says no, whatever its containers say.
deny contains {"path": array.concat(pods.path, ["securityContext", "runAsNonRoot"]), "message": "the pod may run as root"} if {
	value := pods.spec.securityContext.runAsNonRoot
	not value in {true, null}
}

# settled holds for a container that says yes, or leaves it to a pod that has
# said something.
settled(c) if security.setting(c, "runAsNonRoot") == true

settled(c) if {
	pods.spec.securityContext.runAsNonRoot != null
	object.get(c.container, ["securityContext", "runAsNonRoot"], null) == null
}
