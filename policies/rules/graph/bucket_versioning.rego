# METADATA
# title: Every bucket keeps versions
# description: >-
#   Without versions an overwritten or deleted object is gone, whether a mistake
#   or an extortionist did it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity: medium
#   remediation: |
#     Turn versioning on, and let old versions expire by a lifecycle rule:
#       s3.NewBucketVersioningV2(ctx, "data", &s3.BucketVersioningV2Args{
#         Bucket: bucket.ID(), VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")}})
#   frameworks:
#     NIST 800-53: [CP-9, SI-12]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#   subjects: ["aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"]
#   resource_types:
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketVersioningV2:BucketVersioningV2
#   - aws:s3/bucketVersioning:BucketVersioning
#   reads:
#     aws:s3/bucketVersioning*: [bucket]
#   contents:
#     aws:s3/bucket:Bucket: [versioning.enabled]
#     aws:s3/bucketV2:BucketV2: ["versionings[*].enabled"]
#     aws:s3/bucketVersioning*: [versioningConfiguration.status]
package gatehouse.graph.bucket_versioning

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["versioning"], "message": "no resource enables versioning of the bucket"} if {
	some r in graph.of("s3/Bucket")
	not r.urn in versioned
	not r.properties.versioning.enabled
	not r.properties.versionings[0].enabled
}

versioned := {urn |
	some r in graph.of("s3/BucketVersioning")
	r.properties.versioningConfiguration.status == "Enabled"
	some urn in r.links.bucket
}
