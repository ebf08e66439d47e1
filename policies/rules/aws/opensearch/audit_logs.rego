# METADATA
# title: OpenSearch delivers its audit log
# description: >-
#   Who searched what is in the audit log alone, and it is off unless somebody
#   turns it on.
# related_resources:
# - ref: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html
# custom:
#   severity: medium
#   remediation: |
#     Publish the audit log:
#       opensearch.DomainLogPublishingOptionArgs{LogType: pulumi.String("AUDIT_LOGS"), CloudwatchLogGroupArn: group.Arn}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ['readiness: Audit Logging']
#   resource_types: ['aws:opensearch/domain:Domain']
#   reads: ['logPublishingOptions[*].logType', 'logPublishingOptions[*].enabled']
package gatehouse.aws.opensearch.audit_logs

deny contains {"path": ["logPublishingOptions"], "message": "the audit log is not delivered"} if not delivered

delivered if {
	some option in input.properties.logPublishingOptions
	option.logType == "AUDIT_LOGS"
	not object.get(option, "enabled", true) in {false, "false"}
}
