# METADATA
# title: Volumes of instances are encrypted
# description: >-
#   A volume that is not encrypted gives its content to whoever gets hold of a
#   snapshot of it. Node volumes hold images, logs and the pods' scratch files.
# related_resources:
# - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   remediation: |
#     Encrypt every volume; an existing one must be replaced from an encrypted copy of its snapshot:
#       ec2.LaunchTemplateBlockDeviceMappingEbsArgs{Encrypted: pulumi.String("true"), KmsKeyId: key.Arn}
#   frameworks:
#     CIS AWS: ["2.2.1"]
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads:
#   - rootBlockDevice.encrypted
#   - ebsBlockDevices[*].encrypted
#   - ebsBlockDevices[*].noDevice
#   - blockDeviceMappings[*].ebs.encrypted
#   - launchTemplate
package gatehouse.aws.ec2.volumes_encrypted

volumes contains {"path": ["rootBlockDevice", "encrypted"], "volume": input.properties.rootBlockDevice}

volumes contains {"path": ["ebsBlockDevices", i], "volume": volume} if {
	some i, volume in input.properties.ebsBlockDevices
	is_object(volume)
	not object.get(volume, "noDevice", false) in {true, "true"}
}

volumes contains {"path": ["blockDeviceMappings", i, "ebs", "encrypted"], "volume": mapping.ebs} if {
	some i, mapping in input.properties.blockDeviceMappings
}

deny contains {"path": v.path, "message": "the volume is not encrypted"} if {
	some v in volumes
	not object.get(v.volume, "encrypted", false) in {true, "true"}
}

# A template may leave the volumes to the image; whoever launches cannot.
deny contains {"path": [], "message": "the root volume is as the image has it, not encrypted"} if {
	not endswith(input.type, ":LaunchTemplate")
	not input.properties.rootBlockDevice
	not input.properties.launchTemplate
}
