# METADATA
# title: The EFS policy refuses clients without TLS
# description: >-
#   NFS without TLS sends every file in the clear, and the mount succeeds all the
#   same.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html
# custom:
#   severity: high
#   remediation: |
#     Deny everybody whose connection is not encrypted:
#       {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
#   frameworks:
#     NIST 800-53: [SC-8, SC-8(1)]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Enable SSL/TLS certificates']
#   resource_types: ['aws:efs/fileSystemPolicy:FileSystemPolicy']
#   reads: [policy]
package gatehouse.aws.efs.tls_only

import data.gatehouse.lib.iam
import data.gatehouse.lib.transport

deny contains {"path": ["policy"], "message": "clients without TLS are not refused"} if {
	not transport.refused(["elasticfilesystem:clientmount", "elasticfilesystem:clientwrite"])
	count(iam.unreadable) == 0
}
