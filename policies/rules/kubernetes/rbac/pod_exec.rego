# METADATA
# title: Roles open no shell or tunnel into pods
# description: >-
#   Exec, attach and port-forward give whatever the pod has, its secrets, its identity in
#   the cloud and its place in the network, around every control.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Leave these subresources to a role for emergencies, which is granted for hours:
#       {apiGroups: [""], resources: [pods/log], verbs: [get]}
#   frameworks:
#     NIST 800-53: [AC-6, AC-17]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.pod_exec

import data.gatehouse.lib.rbac

doors := [
	"pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers",
	"*/exec", "*/attach", "*/portforward", "*/ephemeralcontainers", "*",
]

# Kubernetes opens them by GET (websockets) as well as by POST, and adds
# ephemeral containers by PATCH or PUT.
deny contains {"path": g.path, "message": sprintf("%s may be used", [door])} if {
	some door in doors
	some g in rbac.on[door]
	rbac.allows(g, "", {"get", "create", "patch", "update"})
}
