# METADATA
# title: EFS access points show a directory of their own
# description: >-
#   An access point at the root shows one application the files of all others.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html
# custom:
#   severity: medium
#   remediation: |
#     Give each application a directory:
#       efs.AccessPointArgs{RootDirectory: efs.AccessPointRootDirectoryArgs{Path: pulumi.String("/plugins")}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:efs/accessPoint:AccessPoint']
#   reads: [rootDirectory.path]
package gatehouse.aws.efs.access_point_directory

deny contains {"path": ["rootDirectory", "path"], "message": "clients see the whole file system"} if {
	object.get(input.properties, ["rootDirectory", "path"], null) in {null, "", "/"}
}
