# METADATA
# title: EFS access points give their clients an ordinary user
# description: >-
#   Without a user of its own the access point believes the number that the client
#   sends; as root it ignores every file's permissions.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html
# custom:
#   severity: medium
#   remediation: |
#     Give the access point a user and a group other than 0:
#       efs.AccessPointArgs{PosixUser: efs.AccessPointPosixUserArgs{Uid: pulumi.Int(1000), Gid: pulumi.Int(1000)}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.8.3]
#     Guide: ['deployment: Configure persistent volumes for data']
#   resource_types: ['aws:efs/accessPoint:AccessPoint']
#   reads: [posixUser]
package gatehouse.aws.efs.access_point_user

deny contains {"path": ["posixUser"], "message": "clients choose their own user"} if {
	not is_object(object.get(input.properties, "posixUser", null))
}

deny contains {"path": ["posixUser", key], "message": message} if {
	some key in ["uid", "gid"]
	to_number(input.properties.posixUser[key]) == 0
	message := sprintf("clients have the %s of root", [key])
}

deny contains {"path": ["posixUser", "secondaryGids", i], "message": "clients are in the group of root"} if {
	some i, gid in input.properties.posixUser.secondaryGids
	gid in {0, "0"}
}
