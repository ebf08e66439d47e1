# METADATA
# title: Command lines hold no passwords
# description: >-
#   The command line of a process is seen by everything on its node, and is written to logs
#   and into reports of crashes.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Let the program read a file or a variable that comes from a Secret:
#       args: ["--password-file=/run/secrets/db/password"]
#   frameworks:
#     CIS EKS: ["4.4.2"]
#     NIST 800-53: [IA-5(7)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].command
#   - $pod.initContainers[*].command
#   - $pod.ephemeralContainers[*].command
#   - $pod.containers[*].args
#   - $pod.initContainers[*].args
#   - $pod.ephemeralContainers[*].args
package gatehouse.kubernetes.pods.command_secrets

import data.gatehouse.lib.pods

# flag is one that takes a secret; what it takes may follow in the same text. A
# value that begins with a dollar sign is a reference, one with a slash or @ a file.
flag := `(?i)(^|\s)--?([a-z0-9]+[-_.])*(password|passwd|passphrase|token|api-?key|secret-?key|access-key|client-secret)`

deny contains {"path": pods.at(c, [key, i]), "message": "a secret is given on the command line"} if {
	some c in pods.containers
	some key in ["command", "args"]
	some i, text in c.container[key]
	is_string(text)
	regex.match(concat("", [flag, `(=|\s+)["']?[^\s"'$/@-]`]), text)
}

deny contains {"path": pods.at(c, [key, i + 1]), "message": "a secret is given on the command line"} if {
	some c in pods.containers
	some key in ["command", "args"]
	some i, text in c.container[key]
	is_string(text)
	regex.match(concat("", [flag, "$"]), text)
	following := c.container[key][i + 1]
	is_string(following)
	regex.match("^[^$/@-]", following)
}
