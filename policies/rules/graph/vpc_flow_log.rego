# METADATA
# title: Every VPC logs its flows
# description: >-
#   Without flow logs nobody can tell who talked to whom during an incident.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# custom:
#   severity: medium
#   remediation: |
#     Log the VPC's flows, at the least the rejected ones:
#       ec2.NewFlowLog(ctx, "flows", &ec2.FlowLogArgs{VpcId: vpc.ID(), TrafficType: pulumi.String("ALL"), LogDestination: bucket.Arn})
#   frameworks:
#     CIS AWS: ["3.7"]
#     NIST 800-53: [AU-12, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   subjects: ["aws:ec2/vpc:Vpc"]
#   resource_types: ["aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog"]
#   reads:
#     aws:ec2/flowLog:FlowLog: [vpcId]
#   contents:
#     aws:ec2/flowLog:FlowLog: [trafficType]
package gatehouse.graph.vpc_flow_log

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no flow log is about the VPC"} if {
	some r in graph.of("ec2/Vpc")
	not r.urn in logged
}

logged := {urn |
	some r in graph.of("ec2/FlowLog")
	object.get(r.properties, "trafficType", "ALL") != "ACCEPT"
	some urn in r.links.vpcId
}
