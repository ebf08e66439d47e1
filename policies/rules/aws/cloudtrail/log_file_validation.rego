# METADATA
# title: Changed trail logs are noticed
# description: >-
#   Without digests nobody can tell whether an intruder has rewritten the record
#   of what he did.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
# custom:
#   severity: medium
#   remediation: |
#     Let CloudTrail sign digests:
#       cloudtrail.TrailArgs{EnableLogFileValidation: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: ["3.2"]
#     NIST 800-53: [AU-12, AU-9]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   reads: [enableLogFileValidation]
package gatehouse.aws.cloudtrail.log_file_validation

deny contains {"path": ["enableLogFileValidation"], "message": "log files are not validated"} if {
	not object.get(input.properties, "enableLogFileValidation", false) in {true, "true"}
}

remedy contains {"path": ["enableLogFileValidation"], "value": true}
