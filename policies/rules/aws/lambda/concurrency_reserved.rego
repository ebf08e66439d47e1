# METADATA
# title: Functions cannot use up the account's concurrency
# description: >-
#   Without a share of its own a function that is called too often stops every
#   other function of the account.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
# custom:
#   severity: low
#   remediation: |
#     Reserve what the function needs:
#       lambda.FunctionArgs{ReservedConcurrentExecutions: pulumi.Int(10)}
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Limits"]
#   resource_types:
#   - aws:lambda/function:Function
#   reads: [reservedConcurrentExecutions]
package gatehouse.aws.lambda.concurrency_reserved

deny contains {"path": ["reservedConcurrentExecutions"], "message": "the function has no limit of its own"} if {
	to_number(object.get(input.properties, "reservedConcurrentExecutions", -1)) < 0
}
