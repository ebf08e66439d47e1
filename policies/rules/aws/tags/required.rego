# METADATA
# title: Resources say whose they are, and what for
# description: >-
#   A resource without an owner is never cleaned up, its cost belongs to nobody,
#   and during an incident nobody knows whether it may be turned off or what
#   class of data it holds.
# related_resources:
# - ref: https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
# custom:
#   severity: low
#   remediation: |
#     Tag everything at once, on the provider:
#       aws.ProviderArgs{DefaultTags: aws.ProviderDefaultTagsArgs{Tags: pulumi.StringMap{"owner": pulumi.String("platform")}}}
#   frameworks:
#     NIST 800-53: [CM-8]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.9, A.5.12]
#     Guide: ["readiness: Data Classification"]
#   resource_types: ["aws:*"]
#   reads: [tags]
#   parameters:
#     required:
#       type: array
#       items: {type: string, minLength: 1, maxLength: 128}
#       default: [environment, owner, cost-center, data-classification]
#       description: Tags that everything must have
#     defaults:
#       type: object
#       additionalProperties: {type: string, maxLength: 256}
#       default: {}
#       description: What to set where a required tag is missing and the rule's level is remediate
package gatehouse.aws.tags.required

settings := data.parameters["aws-tags-required"]

own := object.get(input.properties, "tags", null)

# The provider adds its default tags to those of a resource before anyone
# judges it, so that they count as well.
tags := own if is_object(own)

# A group's tags are a list.
tags := {tag.key: tag.value | some tag in own} if is_array(own)

tags := {} if {
	own == null
	taggable
}

missing contains key if {
	some key in settings.required
	object.get(tags, key, "") == ""
}

deny contains {"path": path(key), "message": sprintf("the tag %s is missing", [key])} if some key in missing

path(key) := ["tags", key] if not is_array(own)

path(_) := ["tags"] if is_array(own)

remedy contains {"path": ["tags", key], "value": settings.defaults[key]} if {
	some key in missing
	input.type != "aws:autoscaling/group:Group" # its tags are a list
}

# What has tags is judged by them. What has none is judged only when it is known
# to take some: half of AWS's types take none. These are the ones that hold data,
# let somebody in or are paid for by the hour.
taggable if input.type in {
	"aws:acm/certificate:Certificate",
	"aws:alb/loadBalancer:LoadBalancer", "aws:alb/targetGroup:TargetGroup",
	"aws:apigateway/restApi:RestApi", "aws:apigateway/stage:Stage",
	"aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage",
	"aws:autoscaling/group:Group",
	"aws:backup/plan:Plan", "aws:backup/vault:Vault",
	"aws:cloudfront/distribution:Distribution",
	"aws:cloudtrail/trail:Trail",
	"aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/metricAlarm:MetricAlarm",
	"aws:dynamodb/table:Table",
	"aws:ebs/snapshot:Snapshot", "aws:ebs/volume:Volume",
	"aws:ec2/eip:Eip", "aws:ec2/flowLog:FlowLog", "aws:ec2/instance:Instance",
	"aws:ec2/internetGateway:InternetGateway", "aws:ec2/launchTemplate:LaunchTemplate",
	"aws:ec2/natGateway:NatGateway", "aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkInterface:NetworkInterface",
	"aws:ec2/routeTable:RouteTable", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/subnet:Subnet",
	"aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
	"aws:ec2/vpnConnection:VpnConnection",
	"aws:ec2clientvpn/endpoint:Endpoint",
	"aws:ecr/repository:Repository",
	"aws:efs/accessPoint:AccessPoint", "aws:efs/fileSystem:FileSystem",
	"aws:eks/addon:Addon", "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup",
	"aws:elasticache/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup",
	"aws:elasticache/serverlessCache:ServerlessCache", "aws:elasticache/user:User",
	"aws:elb/loadBalancer:LoadBalancer",
	"aws:guardduty/detector:Detector",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:iam/policy:Policy", "aws:iam/role:Role", "aws:iam/user:User",
	"aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey",
	"aws:lambda/function:Function",
	"aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup",
	"aws:opensearch/domain:Domain",
	"aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance", "aws:rds/proxy:Proxy",
	"aws:rds/snapshot:Snapshot",
	"aws:route53/healthCheck:HealthCheck", "aws:route53/zone:Zone",
	"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2",
	"aws:secretsmanager/secret:Secret",
	"aws:sns/topic:Topic", "aws:sqs/queue:Queue",
	"aws:ssm/parameter:Parameter",
	"aws:wafv2/webAcl:WebAcl",
}
