# METADATA
# title: Probes and hooks ask the pod itself
# description: >-
#   The kubelet asks whatever host a probe names: with the network of the node it can be
#   made to reach the metadata service or any address that the pod may not.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Leave host out; the pod's own address is meant. A name for the server goes into a header:
#       readinessProbe: {httpGet: {path: /ready, port: http, httpHeaders: [{name: Host, value: portal.example}]}}
#   frameworks:
#     PSS: ["baseline: Host Probes / Lifecycle Hooks"]
#     NIST 800-53: [SC-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].*.httpGet.host
#   - $pod.initContainers[*].*.httpGet.host
#   - $pod.ephemeralContainers[*].*.httpGet.host
#   - $pod.containers[*].*.tcpSocket.host
#   - $pod.initContainers[*].*.tcpSocket.host
#   - $pod.ephemeralContainers[*].*.tcpSocket.host
#   - $pod.containers[*].lifecycle.*.httpGet.host
#   - $pod.initContainers[*].lifecycle.*.httpGet.host
#   - $pod.ephemeralContainers[*].lifecycle.*.httpGet.host
#   - $pod.containers[*].lifecycle.*.tcpSocket.host
#   - $pod.initContainers[*].lifecycle.*.tcpSocket.host
#   - $pod.ephemeralContainers[*].lifecycle.*.tcpSocket.host
package gatehouse.kubernetes.pods.probe_hosts

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, [probe, handler, "host"]), "message": sprintf("the probe asks %v", [host])} if {
	some c in pods.containers
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	host := c.container[probe][handler].host
	not host in {"", null}
}

deny contains {"path": pods.at(c, ["lifecycle", hook, handler, "host"]), "message": sprintf("the hook asks %v", [host])} if {
	some c in pods.containers
	host := c.container.lifecycle[hook][handler].host
	not host in {"", null}
}
