# METADATA
# title: S3 Object Lock keeps objects by default
# description: >-
#   A lock without a default retention protects only the objects whose writer
#   asked for it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
# custom:
#   severity: medium
#   remediation: |
#     Give the bucket a default:
#       s3.BucketObjectLockConfigurationV2RuleDefaultRetentionArgs{Mode: pulumi.String("COMPLIANCE"), Days: pulumi.Int(365)}
#   frameworks:
#     NIST 800-53: [AU-9, AU-11, CP-9]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.5.33, A.8.15]
#     Guide: ['readiness: Audit Logging', 'readiness: Retention Policies']
#   resource_types:
#   - aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2
#   - aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration
#   reads: [rule.defaultRetention]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       default: 30
#       description: The fewest days that an object must be locked.
#     modes:
#       type: array
#       items: {enum: [GOVERNANCE, COMPLIANCE]}
#       minItems: 1
#       default: [GOVERNANCE, COMPLIANCE]
#       description: The modes that are allowed; in COMPLIANCE nobody can shorten the lock.
package gatehouse.aws.s3.object_lock_retention

deny contains {"path": ["rule", "defaultRetention"], "message": message} if {
	required := parameters.days
	days < required
	message := sprintf("objects are locked for %v days, %v are required", [days, required])
}

deny contains {"path": ["rule", "defaultRetention", "mode"], "message": message} if {
	not object.get(retention, "mode", null) in parameters.modes
	message := sprintf("the mode is %v", [object.get(retention, "mode", "not set")])
}

parameters := data.parameters["aws-s3-object-lock-retention"]

retention := given if {
	given := input.properties.rule.defaultRetention
	is_object(given)
} else := {}

days := given if {
	given := to_number(retention.days)
} else := years * 365 if {
	years := to_number(retention.years)
} else := 0
