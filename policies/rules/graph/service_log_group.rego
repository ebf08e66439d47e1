# METADATA
# title: The log groups that services write to are declared
# description: >-
#   A service that does not find its log group makes one that is kept for ever,
#   with Amazon's key, and that outlives the stack.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
# custom:
#   severity: low
#   remediation: |
#     Declare the group under the name that the service uses, before the service:
#       cloudwatch.NewLogGroup(ctx, "control-plane", &cloudwatch.LogGroupArgs{
#         Name: pulumi.String("/aws/eks/portal/cluster"), RetentionInDays: pulumi.Int(365), KmsKeyId: key.Arn})
#   frameworks:
#     NIST 800-53: [AU-11, AU-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Retention Policies"]
#   subjects: ["aws:eks/cluster:Cluster", "aws:rds/instance:Instance", "aws:lambda/function:Function"]
#   resource_types:
#   - aws:eks/cluster:Cluster
#   - aws:rds/instance:Instance
#   - aws:lambda/function:Function
#   - aws:cloudwatch/logGroup:LogGroup
#   contents:
#     aws:eks/cluster:Cluster: [name, enabledClusterLogTypes]
#     aws:rds/instance:Instance: [identifier, enabledCloudwatchLogsExports]
#     aws:lambda/function:Function: [name, loggingConfig.logGroup]
#     aws:cloudwatch/logGroup:LogGroup: [name]
package gatehouse.graph.service_log_group

import data.gatehouse.lib.graph

deny contains {"resource": urn, "path": path, "message": sprintf("log group %s is not declared", [group])} if {
	some [urn, path, group] in wanted
	not group in declared
}

declared := {r.properties.name | some r in graph.of("cloudwatch/LogGroup")}

wanted contains [r.urn, ["enabledClusterLogTypes"], group] if {
	some r in graph.of("eks/Cluster")
	count(r.properties.enabledClusterLogTypes) > 0
	group := sprintf("/aws/eks/%s/cluster", [r.properties.name])
}

wanted contains [r.urn, ["enabledCloudwatchLogsExports", i], group] if {
	some r in graph.of("rds/Instance")
	some i, log in r.properties.enabledCloudwatchLogsExports
	group := sprintf("/aws/rds/instance/%s/%s", [r.properties.identifier, log])
}

wanted contains [r.urn, ["name"], group] if {
	some r in graph.of("lambda/Function")
	not r.properties.loggingConfig.logGroup
	group := sprintf("/aws/lambda/%s", [r.properties.name])
}
