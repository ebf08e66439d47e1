# METADATA
# title: RDS records the load of its queries
# description: >-
#   Without the load by query and wait, a slow database is a guess; a week of it
#   costs nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.html
# custom:
#   severity: low
#   remediation: |
#     Turn Performance Insights on, with a key:
#       rds.InstanceArgs{PerformanceInsightsEnabled: pulumi.Bool(true), PerformanceInsightsKmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ['readiness: Monitoring']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/clusterInstance:ClusterInstance']
#   reads: [performanceInsightsEnabled]
package gatehouse.aws.rds.performance_insights

deny contains {"path": ["performanceInsightsEnabled"], "message": "Performance Insights is off"} if {
	not object.get(input.properties, "performanceInsightsEnabled", null) in {true, "true"}
}
