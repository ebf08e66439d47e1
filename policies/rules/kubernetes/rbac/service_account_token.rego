# METADATA
# title: Service accounts mount no token of themselves
# description: >-
#   A token in every pod is a key to the API server for whoever breaks into the pod, also
#   where the program never calls it.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
# custom:
#   severity: medium
#   remediation: |
#     Turn it off here and on in the pods that call the API server:
#       automountServiceAccountToken: false
#   frameworks:
#     CIS EKS: ["4.1.6"]
#     CIS Kubernetes: ["5.1.6"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:core/*:ServiceAccount"]
#   reads: [automountServiceAccountToken]
package gatehouse.kubernetes.rbac.service_account_token

deny contains {"path": ["automountServiceAccountToken"], "message": "its pods get a token unless they refuse"} if {
	not object.get(input.properties, "automountServiceAccountToken", true) in [false, "false"]
}

# The pods of a running program may need the token: the remedy is applied only
# where the rule's level is set to remediate.
remedy contains {"path": ["automountServiceAccountToken"], "value": false}
