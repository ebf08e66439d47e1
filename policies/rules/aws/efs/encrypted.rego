# METADATA
# title: EFS is encrypted
# description: >-
#   A file system that is not encrypted gives every file to whoever gets hold of a
#   backup, and it cannot be encrypted later.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html
# custom:
#   severity: high
#   remediation: |
#     Set it at creation; an existing file system must be copied into a new one:
#       efs.FileSystemArgs{Encrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     CIS AWS: [2.4.1]
#     NIST 800-53: [SC-28, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Configure persistent volumes for data']
#   resource_types: ['aws:efs/fileSystem:FileSystem']
#   reads: [encrypted]
package gatehouse.aws.efs.encrypted

deny contains {"path": ["encrypted"], "message": "files are not encrypted"} if {
	not object.get(input.properties, "encrypted", null) in {true, "true"}
}
