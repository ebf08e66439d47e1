# METADATA
# title: Pods say whether they get a token of the API
# description: >-
#   Unless a pod says no it is given a token of the Kubernetes API, which most programs
#   never use and every intruder does. The default account needs none.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   severity: medium
#   remediation: |
#     Say no; where the program speaks to the API, say yes and name an account that may do just that:
#       spec: {automountServiceAccountToken: false}
#   frameworks:
#     CIS EKS: ["4.1.6"]
#     NIST 800-53: [AC-6, IA-5]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types: ["$pods"]
#   reads: [$pod.automountServiceAccountToken]
#   names:
#   - $pod.serviceAccountName
#   - $pod.serviceAccount
package gatehouse.kubernetes.pods.service_account_token

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["automountServiceAccountToken"]), "message": "a token is mounted since nothing else is said"} if {
	is_object(pods.spec)
	not is_boolean(object.get(pods.spec, "automountServiceAccountToken", null))
}

deny contains {"path": pods.path, "message": "a token of the account default is mounted"} if {
	pods.spec.automountServiceAccountToken == true
	object.get(pods.spec, "serviceAccountName", "") in {"", null, "default"}
	object.get(pods.spec, "serviceAccount", "") in {"", null, "default"}
}
