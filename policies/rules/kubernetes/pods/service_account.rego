# METADATA
# title: Pods have a service account of their own
# description: >-
#   Rights given to the default account are given to every pod of the namespace, and the log
#   cannot tell who used them.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   severity: medium
#   remediation: |
#     Make an account for the workload and name it:
#       spec: {serviceAccountName: portal}
#   frameworks:
#     CIS EKS: ["4.1.5"]
#     NIST 800-53: [AC-6, IA-2]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types: ["$pods"]
#   names:
#   - $pod.serviceAccountName
#   - $pod.serviceAccount
package gatehouse.kubernetes.pods.service_account

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, [key]), "message": "the pod runs as the account default"} if {
	some key in ["serviceAccountName", "serviceAccount"]
	pods.spec[key] == "default"
}

# The old name of the field still holds, so that either could have said it.
deny contains {"path": pods.path, "message": "no service account is named"} if {
	is_object(pods.spec)
	object.get(pods.spec, "serviceAccountName", "") in {"", null}
	object.get(pods.spec, "serviceAccount", "") in {"", null}
}
