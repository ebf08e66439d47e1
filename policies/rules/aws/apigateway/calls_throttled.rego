# METADATA
# title: Calls to APIs are throttled
# description: >-
#   Without a limit of its own an API may use up the whole account's, and take
#   every other API of the account down with it.
# related_resources:
# - ref: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
# custom:
#   severity: medium
#   remediation: |
#     Set a rate:
#       apigatewayv2.StageDefaultRouteSettingsArgs{ThrottlingRateLimit: pulumi.Float64(100), ThrottlingBurstLimit: pulumi.Int(200)}
#   frameworks:
#     NIST 800-53: [SC-5]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: API Security"]
#   resource_types: ["aws:apigateway/methodSettings:MethodSettings", "aws:apigatewayv2/stage:Stage"]
#   reads: [settings.throttlingRateLimit, defaultRouteSettings.throttlingRateLimit]
package gatehouse.aws.apigateway.calls_throttled

key := "settings" if startswith(input.type, "aws:apigateway/")

key := "defaultRouteSettings" if startswith(input.type, "aws:apigatewayv2/")

# -1 is no limit.
deny contains {"path": [key, "throttlingRateLimit"], "message": "calls have no limit of their own"} if {
	object.get(input.properties, [key, "throttlingRateLimit"], -1) < 0
}
