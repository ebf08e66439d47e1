# METADATA
# title: Function URLs ask who calls
# description: >-
#   A URL without authorization lets the whole internet run the function, and
#   pay for it.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
# custom:
#   severity: high
#   remediation: |
#     Let IAM decide, or put an API with an authorizer before the function:
#       lambda.FunctionUrlArgs{AuthorizationType: pulumi.String("AWS_IAM")}
#   frameworks:
#     NIST 800-53: [AC-3]
#     SOC 2: [CC6.1, CC6.6]
#     ISO 27001: [A.8.5]
#     Guide: ["readiness: API Security"]
#   resource_types:
#   - aws:lambda/functionUrl:FunctionUrl
#   reads: [authorizationType]
package gatehouse.aws.lambda.url_authenticated

deny contains {"path": ["authorizationType"], "message": "the URL asks nobody who he is"} if {
	object.get(input.properties, "authorizationType", "NONE") != "AWS_IAM"
}
