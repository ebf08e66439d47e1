# METADATA
# title: Containers that serve have a readiness probe
# description: >-
#   Without a readiness probe a pod gets traffic from its first second, and a roll-out of
#   a version that never answers goes through.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# custom:
#   severity: medium
#   remediation: |
#     Add a probe that passes when the container can answer its users:
#       readinessProbe: {httpGet: {path: /.backstage/health/v1/readiness, port: http}, periodSeconds: 5}
#   frameworks:
#     NIST 800-53: [SC-5, SI-13]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["readiness: Health Checks", "deployment: Configure health checks"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].readinessProbe", "$pod.initContainers[*].readinessProbe", "$pod.initContainers[*].restartPolicy"]
package gatehouse.kubernetes.workloads.readiness_probe

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

deny contains {"path": pods.at(c, ["readinessProbe"]), "message": sprintf("container %q has no readiness probe", [workloads.name(c)])} if {
	some c in workloads.lasting
	object.get(c.container, "readinessProbe", {}) in [{}, null]
}
