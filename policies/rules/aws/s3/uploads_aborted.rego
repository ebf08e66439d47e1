# METADATA
# title: S3 drops uploads that nobody finishes
# description: >-
#   Parts of an upload that broke off are in no listing and are paid for until
#   somebody drops them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
# custom:
#   severity: low
#   remediation: |
#     Add it to a rule for the whole bucket:
#       s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{DaysAfterInitiation: pulumi.Int(7)}
#   frameworks:
#     NIST 800-53: [SI-12]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.10]
#     Guide: ['readiness: Retention Policies']
#   resource_types:
#   - aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2
#   - aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration
#   reads: ['rules[*].status', 'rules[*].abortIncompleteMultipartUpload']
package gatehouse.aws.s3.uploads_aborted

deny contains {"path": ["rules"], "message": "unfinished uploads stay for ever"} if not aborts

aborts if {
	some rule in input.properties.rules
	rule.status == "Enabled"
	to_number(rule.abortIncompleteMultipartUpload.daysAfterInitiation) > 0
}
