# METADATA
# title: Pods hold no credentials in clear
# description: >-
#   Keys of AWS, private keys, tokens and URLs with a password are credentials whatever they
#   are called, and everybody who may read pods has them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
# custom:
#   severity: critical
#   remediation: |
#     Take the credential from a Secret, and let Kubernetes put it where it is needed:
#       env:
#       - {name: PASSWORD, valueFrom: {secretKeyRef: {name: portal, key: password}}}
#       - {name: DATABASE_URL, value: "postgres://portal:$(PASSWORD)@db:5432/portal"}
#   frameworks:
#     CIS EKS: ["4.4.2"]
#     NIST 800-53: [IA-5(7), SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].env[*].value
#   - $pod.initContainers[*].env[*].value
#   - $pod.ephemeralContainers[*].env[*].value
#   - $pod.containers[*].command
#   - $pod.initContainers[*].command
#   - $pod.ephemeralContainers[*].command
#   - $pod.containers[*].args
#   - $pod.initContainers[*].args
#   - $pod.ephemeralContainers[*].args
package gatehouse.kubernetes.pods.credentials

import data.gatehouse.lib.credentials
import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": text.path, "message": sprintf("%s stands here in clear", [credentials.kind(text.value)])} if {
	regex.match(credentials.forms, security.literals)
	some text in texts
}

# texts are all of them, with their paths: made only where one is suspicious.
texts contains {"path": pods.at(c, ["env", i, "value"]), "value": value} if {
	some c in pods.containers
	value := c.container.env[i].value
	is_string(value)
}

texts contains {"path": pods.at(c, [key, i]), "value": value} if {
	some c in pods.containers
	some key in ["command", "args"]
	some i, value in c.container[key]
	is_string(value)
}
