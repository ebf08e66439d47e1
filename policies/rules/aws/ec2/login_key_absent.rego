# METADATA
# title: Instances have no SSH key
# description: >-
#   A key pair gives root to whoever holds the file, for as long as the instance
#   lives, and no log says who it was. Session Manager asks IAM and records.
# related_resources:
# - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
# custom:
#   severity: low
#   remediation: |
#     Leave keyName out, give the instance's role AmazonSSMManagedInstanceCore, and connect with
#       aws ssm start-session --target i-0123456789abcdef0
#   frameworks:
#     NIST 800-53: [AC-17, IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#     Guide: ["readiness: VPN Access"]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads: [keyName]
package gatehouse.aws.ec2.login_key_absent

deny contains {"path": ["keyName"], "message": "whoever has the key pair is root"} if {
	input.properties.keyName != ""
}
