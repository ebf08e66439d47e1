# METADATA
# title: The S3 bucket policy refuses requests without TLS
# description: >-
#   S3 answers over plain HTTP to whoever asks so; a client that is misconfigured
#   sends objects and signatures in the clear.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
# custom:
#   severity: high
#   remediation: |
#     Deny everybody whose request is not encrypted, for the bucket and its objects:
#       {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, BUCKET/*], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
#   frameworks:
#     CIS AWS: [2.1.1]
#     NIST 800-53: [SC-8, SC-8(1)]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Enable SSL/TLS certificates']
#   resource_types: ['aws:s3/bucketPolicy:BucketPolicy']
#   reads: [policy]
package gatehouse.aws.s3.tls_only

import data.gatehouse.lib.iam
import data.gatehouse.lib.transport

deny contains {"path": ["policy"], "message": "requests without TLS are not refused"} if {
	not transport.refused(["s3:getobject", "s3:putobject"])
	count(iam.unreadable) == 0
}
