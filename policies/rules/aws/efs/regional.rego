# METADATA
# title: EFS stands in every zone
# description: >-
#   A One Zone file system is away while its zone is, and lost if the zone is.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/availability-durability.html
# custom:
#   severity: medium
#   remediation: |
#     Leave availabilityZoneName out and make a mount target in each zone:
#       efs.NewFileSystem(ctx, "plugins", &efs.FileSystemArgs{Encrypted: pulumi.Bool(true)})
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ['readiness: Storage Classes']
#   resource_types: ['aws:efs/fileSystem:FileSystem']
#   reads: [availabilityZoneName]
package gatehouse.aws.efs.regional

deny contains {"path": ["availabilityZoneName"], "message": message} if {
	zone := input.properties.availabilityZoneName
	not zone in {"", null}
	message := sprintf("the files are in %s alone", [zone])
}
