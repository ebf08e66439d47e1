# METADATA
# title: Nodes let nobody in by SSH from anywhere
# description: >-
#   A node group with an SSH key and no source groups gets a security group that
#   is open on port 22 to the internet.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
# custom:
#   severity: critical
#   remediation: |
#     Leave remoteAccess out and use Session Manager, or name who may connect:
#       eks.NodeGroupRemoteAccessArgs{Ec2SshKey: key.KeyName, SourceSecurityGroupIds: pulumi.StringArray{bastion.ID()}}
#   frameworks:
#     CIS AWS: ["5.2"]
#     NIST 800-53: [AC-17, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules", "readiness: VPN Access"]
#   resource_types: ["aws:eks/nodeGroup:NodeGroup"]
#   reads: [remoteAccess]
package gatehouse.aws.eks.nodes_ssh_closed

deny contains {"path": ["remoteAccess"], "message": "port 22 of the nodes is open to anyone"} if {
	object.get(input.properties, ["remoteAccess", "ec2SshKey"], "") != ""
	count(object.get(input.properties, ["remoteAccess", "sourceSecurityGroupIds"], [])) == 0
}
