# METADATA
# title: Functions read secrets, they do not carry them
# description: >-
#   Environment variables are shown to everybody who may describe the function,
#   and kept in every version of it.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-encryption
# custom:
#   severity: high
#   remediation: |
#     Give the function the secret's ARN and the right to read it:
#       Environment: lambda.FunctionEnvironmentArgs{Variables: pulumi.StringMap{"DB_PASSWORD_ARN": secret.Arn}}
#   frameworks:
#     NIST 800-53: [IA-5, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:lambda/function:Function
#   reads: [environment]
package gatehouse.aws.lambda.no_plain_secrets

deny contains {
	"path": ["environment", "variables", name],
	"message": sprintf("%s looks like a secret", [name]),
} if {
	some name, value in input.properties.environment.variables
	regex.match(`(passw(or)?d|secret|token|api_?key|access_?key|private_?key|credentials?)$`, lower(name))
	not harmless(value)
}

# harmless tells whether a value only says where the secret is.
harmless(value) if value in {"", null}

harmless(value) if startswith(value, "arn:")
