# METADATA
# title: Service accounts have no tokens for ever
# description: >-
#   A Secret of this type is a token that never expires and that nobody rotates; whoever
#   copied it once keeps it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/service-accounts/#authenticating-credentials
# custom:
#   severity: high
#   remediation: |
#     Use tokens that expire, from the TokenRequest API or a projected volume:
#       volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}]
#   frameworks:
#     NIST 800-53: [IA-5, AC-2]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#   resource_types: ["kubernetes:core/*:Secret"]
#   reads: [type]
package gatehouse.kubernetes.config.token_secrets

deny contains {"path": ["type"], "message": "the token never expires"} if {
	input.properties.type == "kubernetes.io/service-account-token"
}
