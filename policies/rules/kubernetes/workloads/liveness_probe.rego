# METADATA
# title: Containers that serve have a liveness probe
# description: >-
#   A process that hangs without ending is only restarted when a liveness probe says so.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# custom:
#   severity: medium
#   remediation: |
#     Add a probe that asks only whether the process itself still works:
#       livenessProbe: {httpGet: {path: /.backstage/health/v1/liveness, port: http}, periodSeconds: 10, failureThreshold: 6}
#   frameworks:
#     NIST 800-53: [SC-5, SI-13]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["readiness: Health Checks", "deployment: Configure health checks"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].livenessProbe", "$pod.initContainers[*].livenessProbe", "$pod.initContainers[*].restartPolicy"]
package gatehouse.kubernetes.workloads.liveness_probe

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

deny contains {"path": pods.at(c, ["livenessProbe"]), "message": sprintf("container %q has no liveness probe", [workloads.name(c)])} if {
	some c in workloads.lasting
	object.get(c.container, "livenessProbe", {}) in [{}, null]
}
