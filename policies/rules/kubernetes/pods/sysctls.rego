# METADATA
# title: Pods change safe kernel settings only
# description: >-
#   An unsafe sysctl holds for more than the pod: it can starve its neighbours or open the
#   node.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Keep to the sysctls that are a pod's own, and set the others where nodes are made:
#       securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: "600"}]}
#   frameworks:
#     PSS: ["baseline: Sysctls"]
#     NIST 800-53: [CM-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.sysctls[*].name
package gatehouse.kubernetes.pods.sysctls

import data.gatehouse.lib.pods

safe := {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
}

deny contains {"path": array.concat(pods.path, ["securityContext", "sysctls", i, "name"]), "message": sprintf("sysctl %v is not a pod's own", [sysctl.name])} if {
	some i, sysctl in pods.spec.securityContext.sysctls
	not replace(sysctl.name, "/", ".") in safe
}
