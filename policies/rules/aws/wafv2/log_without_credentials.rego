# METADATA
# title: The firewall's log leaves out headers that carry credentials
# description: >-
#   The log holds every header unless it is told otherwise. Whoever reads it can
#   then go on with the sessions and tokens of everybody else.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/logging-management.html
# custom:
#   severity: medium
#   remediation: |
#     Redact them:
#       wafv2.WebAclLoggingConfigurationRedactedFieldArgs{
#           SingleHeader: wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs{Name: pulumi.String("authorization")}}
#   frameworks:
#     NIST 800-53: [AU-9, IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.11, A.8.15]
#     Guide: ["readiness: Privacy Controls"]
#   resource_types: ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"]
#   reads: [redactedFields]
#   parameters:
#     headers:
#       type: array
#       items: {type: string, pattern: "^[a-z0-9-]+$"}
#       default: [authorization, cookie]
#       description: Headers that carry credentials, in lower case
package gatehouse.aws.wafv2.log_without_credentials

redacted := {lower(field.singleHeader.name) | some field in input.properties.redactedFields}

deny contains {"path": ["redactedFields"], "message": sprintf("the header %s is logged", [header])} if {
	some header in data.parameters["aws-wafv2-log-without-credentials"].headers
	not header in redacted
}
