# METADATA
# title: S3 access control lists let nobody in from outside
# description: >-
#   An ACL for all users opens the bucket to the internet, and one for
#   authenticated users to every account of AWS.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: critical
#   remediation: |
#     Leave ACLs out and enforce the owner; share by policy:
#       s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:s3/bucketAclV2:BucketAclV2
#   - aws:s3/bucketAcl:BucketAcl
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketObjectv2:BucketObjectv2
#   - aws:s3/bucketObject:BucketObject
#   reads: [acl, 'grants[*].uri', 'accessControlPolicy.grants[*].grantee.uri']
package gatehouse.aws.s3.acl_private

deny contains {"path": ["acl"], "message": message} if {
	acl := input.properties.acl
	acl in {"public-read", "public-read-write", "authenticated-read"}
	message := sprintf("the ACL is %s", [acl])
}

deny contains {"path": ["grants", i, "uri"], "message": message} if {
	some i, grant in input.properties.grants
	group := everybody(grant.uri)
	message := sprintf("the group %s has a grant", [group])
}

deny contains {"path": ["accessControlPolicy", "grants", i, "grantee", "uri"], "message": message} if {
	some i, grant in input.properties.accessControlPolicy.grants
	group := everybody(grant.grantee.uri)
	message := sprintf("the group %s has a grant", [group])
}

# everybody is the name of a group that anybody can be in.
everybody(uri) := group if {
	some group in ["AllUsers", "AuthenticatedUsers"]
	uri == concat("", ["http://acs.amazonaws.com/groups/global/", group])
}
