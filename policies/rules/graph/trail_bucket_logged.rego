# METADATA
# title: The bucket of a trail logs who reads it
# description: >-
#   Who looks at or tampers with the audit trail is seen only in the access log
#   of the bucket that holds it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
# custom:
#   severity: low
#   remediation: |
#     Log the bucket's requests to another bucket:
#       s3.NewBucketLoggingV2(ctx, "trail", &s3.BucketLoggingV2Args{Bucket: trail.ID(), TargetBucket: logs.ID(), TargetPrefix: pulumi.String("trail/")})
#   frameworks:
#     CIS AWS: ["3.4"]
#     NIST 800-53: [AU-9, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   subjects: ["aws:cloudtrail/trail:Trail"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketLoggingV2:BucketLoggingV2
#   - aws:s3/bucketLogging:BucketLogging
#   reads:
#     aws:cloudtrail/trail:Trail: [s3BucketName]
#     aws:s3/bucketLogging*: [bucket]
#   contents:
#     aws:s3/bucketV2:BucketV2: [loggings]
#     aws:s3/bucket:Bucket: [loggings, logging]
package gatehouse.graph.trail_bucket_logged

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["s3BucketName"], "message": sprintf("nothing logs access to bucket %s", [bucket.name])} if {
	some r in graph.of("cloudtrail/Trail")
	some urn in graph.links(r, "s3BucketName", "s3/Bucket")
	bucket := graph.resource[urn]
	not urn in logged
	not inline(bucket)
}

logged := graph.linked("s3/BucketLogging", "bucket")

inline(bucket) if count(bucket.properties.loggings) > 0

inline(bucket) if bucket.properties.logging.targetBucket
