# METADATA
# title: Calls to APIs are authorized
# description: >-
#   A method without authorization does its work for everyone on the internet who
#   finds the address.
# related_resources:
# - ref: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
# custom:
#   severity: high
#   remediation: |
#     Ask for an identity:
#       apigateway.MethodArgs{Authorization: pulumi.String("AWS_IAM")}
#   frameworks:
#     NIST 800-53: [AC-3, IA-2]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.15, A.8.5]
#     Guide: ["readiness: API Security"]
#   resource_types: ["aws:apigateway/method:Method", "aws:apigatewayv2/route:Route"]
#   reads: [authorization, httpMethod, authorizationType, routeKey, apiKeyRequired]
package gatehouse.aws.apigateway.calls_authorized

deny contains {"path": [], "message": "anyone may call it"} if {
	object.get(input.properties, key, "NONE") == "NONE"
	not preflight
	not input.properties.apiKeyRequired
}

key := "authorization" if startswith(input.type, "aws:apigateway/")

key := "authorizationType" if startswith(input.type, "aws:apigatewayv2/")

# A browser asks with OPTIONS before it sends any credentials.
preflight if input.properties.httpMethod == "OPTIONS"

preflight if startswith(input.properties.routeKey, "OPTIONS ")
