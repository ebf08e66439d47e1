# METADATA
# title: VPC endpoints let only known principals or data through
# description: >-
#   An endpoint without a policy of its own carries any credentials to any
#   account: data leaves the VPC by a way that no firewall sees.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
# custom:
#   severity: low
#   remediation: |
#     Let the account's own principals through:
#       {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
#        "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Segmentation"]
#   resource_types: ["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"]
#   reads: [policy, vpcEndpointType]
package gatehouse.aws.vpc.endpoint_policy_narrow

import data.gatehouse.lib.iam

deny contains {"path": [], "message": "there is no policy: anyone gets through to everything"} if {
	object.get(input.properties, "policy", "") == ""
	object.get(input.properties, "vpcEndpointType", "Gateway") in {"Gateway", "Interface"}
}

deny contains {"path": path, "message": "the policy is not JSON"} if some path in iam.unreadable

deny contains {"path": s.path, "message": sprintf("%s lets anyone do %s with everything", [s.label, action])} if {
	some s in iam.exposed
	iam.everything(s)
	some action in s.actions
	endswith(action, "*")
}
