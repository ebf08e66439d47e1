# METADATA
# title: Config maps hold no credentials
# description: >-
#   A ConfigMap is read by far more people and programs than a Secret, is not encrypted
#   with the cluster's key, and is printed everywhere.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
# custom:
#   severity: high
#   remediation: |
#     Keep the value in Secrets Manager and let the external-secrets operator make a Secret of it:
#       kind: ExternalSecret
#   frameworks:
#     NIST 800-53: [IA-5, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24, A.5.17]
#     Guide: ["deployment: Configure secrets management"]
#   resource_types: ["kubernetes:core/*:ConfigMap"]
#   reads: [data]
package gatehouse.kubernetes.config.credentials

# Keys that name a credential, unless the name says that it is something about one.
name_pattern := `(?i)(^|[._-])(password|passwd|passphrase|secret|secret[_-]?key|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret)$`

marks := ["PRIVATE KEY-----", "AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "npm_", "sk_live_", "AIza"]

# A mark is sought first: it is cheap, and most texts have none.
shapes := concat("|", [
	`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
	`\b(AKIA|ASIA)[A-Z0-9]{16}\b`,
	`\bgh[pos]_[A-Za-z0-9]{36}`,
	`\bgithub_pat_[A-Za-z0-9_]{40}`,
	`\bglpat-[A-Za-z0-9_-]{20}`,
	`\bxox[bp]-[A-Za-z0-9-]{20}`,
	`\bnpm_[A-Za-z0-9]{36}`,
	`\bsk_live_[A-Za-z0-9]{20}`,
	`\bAIza[A-Za-z0-9_-]{35}`,
])

deny contains {"path": ["data", key], "message": sprintf("the value of %s looks like a credential", [key])} if {
	some key, value in input.properties.data
	is_string(value)
	some mark in marks
	contains(value, mark)
	regex.match(shapes, value)
}

deny contains {"path": ["data", key], "message": sprintf("%s names a credential and has a value", [key])} if {
	some key, value in input.properties.data
	regex.match(name_pattern, key)
	is_string(value)
	literal(value)
}

# Neither empty nor a reference that something else fills in.
literal(value) if {
	trim_space(value) != ""
	not regex.match(`^\s*(\$\{?[A-Za-z_]|\{\{|<[^>]*>\s*$|/|file:|vault:|arn:|true\s*$|false\s*$)`, value)
}
