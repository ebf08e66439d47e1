# METADATA
# title: Stages of APIs keep access logs
# description: >-
#   Without them nobody can tell who called what, nor why a call was refused
#   before it reached any code.
# related_resources:
# - ref: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
# custom:
#   severity: medium
#   remediation: |
#     Log to CloudWatch Logs:
#       apigateway.StageAccessLogSettingsArgs{DestinationArn: logs.Arn, Format: pulumi.String("$context.requestId $context.status")}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types: ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"]
#   reads: [accessLogSettings.format]
package gatehouse.aws.apigateway.access_logged

# The destination is often made in the same run; the format says as well that
# there is a log.
deny contains {"path": ["accessLogSettings", "format"], "message": "calls are not logged"} if {
	object.get(input.properties, ["accessLogSettings", "format"], "") == ""
}
