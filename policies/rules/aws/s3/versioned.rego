# METADATA
# title: S3 keeps old versions of objects
# description: >-
#   Without versions an object that is overwritten or deleted is gone, by mistake
#   or by ransom.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity: high
#   remediation: |
#     Enable versioning, and expire old versions by lifecycle:
#       s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")}
#   frameworks:
#     NIST 800-53: [CP-9, SI-12]
#     SOC 2: [A1.2, CC7.5]
#     ISO 27001: [A.8.13]
#     Guide: ['readiness: Backup Strategy']
#   resource_types:
#   - aws:s3/bucketVersioningV2:BucketVersioningV2
#   - aws:s3/bucketVersioning:BucketVersioning
#   reads: [versioningConfiguration.status]
package gatehouse.aws.s3.versioned

deny contains {"path": ["versioningConfiguration", "status"], "message": "old versions are not kept"} if {
	not input.properties.versioningConfiguration.status == "Enabled"
}
