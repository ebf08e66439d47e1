# METADATA
# title: Liveness and readiness are told apart
# description: >-
#   With one probe for both, a pod that is only busy is restarted at the moment when it
#   should merely get no more traffic, and its load kills the next one.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# custom:
#   severity: low
#   remediation: |
#     Ask another endpoint for liveness, or be more patient:
#       livenessProbe: {httpGet: {path: /healthz, port: http}, failureThreshold: 6}
#       readinessProbe: {httpGet: {path: /readyz, port: http}, failureThreshold: 2}
#   frameworks:
#     NIST 800-53: [SC-5]
#     SOC 2: [A1.2]
#     Guide: ["readiness: Health Checks"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: ["$pod.containers[*].name", "$pod.containers[*].livenessProbe", "$pod.containers[*].readinessProbe"]
package gatehouse.kubernetes.workloads.probes_differ

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

# The path is the container: either probe decides.
deny contains {"path": c.path, "message": sprintf("container %q asks the same for liveness as for readiness", [workloads.name(c)])} if {
	some c in pods.main
	c.container.livenessProbe == c.container.readinessProbe
}
