# METADATA
# title: Variables do not hold secrets in clear
# description: >-
#   A value that stands in the pod is read by everybody who may read pods, and stays in the
#   history of the repository, of the state and of the cluster.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Take it from a Secret, and the Secret from a store of secrets:
#       env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: portal, key: db-password}}}]
#   frameworks:
#     CIS EKS: ["4.4.2"]
#     NIST 800-53: [IA-5(7), SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].env[*].name
#   - $pod.initContainers[*].env[*].name
#   - $pod.ephemeralContainers[*].env[*].name
#   - $pod.containers[*].env[*].value
#   - $pod.initContainers[*].env[*].value
#   - $pod.ephemeralContainers[*].env[*].value
#   parameters:
#     exempt:
#       type: array
#       items: {type: string, minLength: 1}
#       default: []
#       description: Variables that are called like a secret and are none.
package gatehouse.kubernetes.pods.env_secrets

import data.gatehouse.lib.credentials
import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["env", i, "value"]), "message": sprintf("variable %s holds a secret in clear", [variable.name])} if {
	some c in pods.containers
	value := c.container.env[i].value
	variable := c.container.env[i]
	credentials.named(variable.name)
	credentials.literal(value)
	not variable.name in data.parameters["kubernetes-pods-env-secrets"].exempt
}
