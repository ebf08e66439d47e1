# METADATA
# title: The trail is switched on
# description: >-
#   A trail that exists but does not log gives everybody the feeling of being
#   watched over, and no record.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html
# custom:
#   severity: critical
#   remediation: |
#     Switch it on:
#       cloudtrail.TrailArgs{EnableLogging: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: ["3.1"]
#     NIST 800-53: [AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   reads: [enableLogging]
package gatehouse.aws.cloudtrail.logging_on

deny contains {"path": ["enableLogging"], "message": "the trail is switched off"} if {
	input.properties.enableLogging in {false, "false"}
}

remedy contains {"path": ["enableLogging"], "value": true}
