# METADATA
# title: Flow logs record what was accepted and what was refused
# description: >-
#   Refused traffic shows who is looking for a way in, accepted traffic who
#   found one. Half of the record leaves half of an incident in the dark.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# custom:
#   severity: medium
#   remediation: |
#     Record everything:
#       ec2.FlowLogArgs{TrafficType: pulumi.String("ALL")}
#   frameworks:
#     CIS AWS: ["3.7"]
#     NIST 800-53: [AU-2, AU-12, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15, A.8.16]
#     Guide: ["readiness: Audit Logging"]
#   resource_types: ["aws:ec2/flowLog:FlowLog"]
#   reads: [trafficType]
package gatehouse.aws.vpc.flow_log_complete

# A transit gateway's log has no type: it records everything.
deny contains {"path": ["trafficType"], "message": sprintf("only %s traffic is recorded", [input.properties.trafficType])} if {
	upper(input.properties.trafficType) != "ALL"
}
