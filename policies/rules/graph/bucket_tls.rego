# METADATA
# title: Every bucket refuses plain HTTP
# description: >-
#   S3 answers without TLS unless the bucket's policy denies it, and whoever is on
#   the way reads the objects and the signatures.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
# custom:
#   severity: medium
#   remediation: |
#     Deny what does not come over TLS in the bucket's policy:
#       {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["BUCKET_ARN", "BUCKET_ARN/*"],
#        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
#   frameworks:
#     CIS AWS: ["2.1.1"]
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#   subjects: ["aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"]
#   resource_types:
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketPolicy:BucketPolicy
#   reads:
#     aws:s3/bucketPolicy:BucketPolicy: [bucket]
#   contents:
#     aws:s3/bucketPolicy:BucketPolicy: [policy]
#     "*": [policy]
package gatehouse.graph.bucket_tls

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["policy"], "message": "no policy of the bucket denies requests without TLS"} if {
	some r in graph.of("s3/Bucket")
	not r.urn in safe
	not refuses_plain(r)
}

safe := {urn |
	some r in graph.of("s3/BucketPolicy")
	refuses_plain(r)
	some urn in r.links.bucket
}

refuses_plain(r) if {
	some statement in graph.statements(r.properties.policy)
	statement.Effect == "Deny"
	everyone(statement.Principal)
	some action in graph.listed(statement.Action)
	lower(action) in {"*", "s3:*"}
	some operator, keys in statement.Condition
	lower(operator) in {"bool", "boolifexists"}
	count(statement.Condition) == 1
	some key, value in keys
	lower(key) == "aws:securetransport"
	count(keys) == 1
	every one in graph.listed(value) {
		lower(sprintf("%v", [one])) == "false"
	}
}

everyone("*")

everyone(principal) if {
	some one in graph.listed(principal.AWS)
	one == "*"
}
