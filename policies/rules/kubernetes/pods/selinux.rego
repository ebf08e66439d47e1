# METADATA
# title: Pods keep the SELinux type of containers
# description: >-
#   Another type, user or role takes a container out of the domain that keeps it from the
#   files of its node and of its neighbours.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Leave user and role out, and take a type for containers if any:
#       securityContext: {seLinuxOptions: {type: container_t, level: "s0:c123,c456"}}
#   frameworks:
#     PSS: ["baseline: SELinux"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.seLinuxOptions
#   - $pod.containers[*].securityContext.seLinuxOptions
#   - $pod.initContainers[*].securityContext.seLinuxOptions
#   - $pod.ephemeralContainers[*].securityContext.seLinuxOptions
package gatehouse.kubernetes.pods.selinux

import data.gatehouse.lib.security

types := {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", null}

deny contains {"path": array.concat(s.path, ["seLinuxOptions", "type"]), "message": sprintf("the SELinux type is %v", [type])} if {
	some s in security.contexts
	type := s.context.seLinuxOptions.type
	not type in types
}

deny contains {"path": array.concat(s.path, ["seLinuxOptions", key]), "message": sprintf("the SELinux %s is set to %v", [key, value])} if {
	some s in security.contexts
	some key in ["user", "role"]
	value := s.context.seLinuxOptions[key]
	not value in {"", null}
}
