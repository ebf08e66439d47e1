# METADATA
# title: Pods do not turn AppArmor off
# description: >-
#   The profile of the runtime keeps a container from mounting, from writing to /proc and
#   /sys, and from tracing others, even where it is root.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Leave the profile out, or name the runtime's or one of the node:
#       securityContext: {appArmorProfile: {type: RuntimeDefault}}
#   frameworks:
#     PSS: ["baseline: AppArmor"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.appArmorProfile.type
#   - $pod.containers[*].securityContext.appArmorProfile.type
#   - $pod.initContainers[*].securityContext.appArmorProfile.type
#   - $pod.ephemeralContainers[*].securityContext.appArmorProfile.type
#   - metadata.annotations
#   - spec.template.metadata.annotations
#   - spec.jobTemplate.spec.template.metadata.annotations
#   - template.metadata.annotations
package gatehouse.kubernetes.pods.app_armor

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["appArmorProfile", "type"]), "message": sprintf("the AppArmor profile is %v", [type])} if {
	some s in security.contexts
	type := s.context.appArmorProfile.type
	not type in {"RuntimeDefault", "Localhost"}
}

# Before Kubernetes 1.30 an annotation of the pods said it.
deny contains {"path": array.concat(array.slice(pods.path, 0, count(pods.path) - 1), ["metadata", "annotations", key]), "message": sprintf("the AppArmor profile is %v", [profile])} if {
	some key, profile in pods.metadata.annotations
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	not profile in {"", "runtime/default"}
	not startswith(profile, "localhost/")
}
