# METADATA
# title: RDS reports what its operating system does
# description: >-
#   The metrics of the hypervisor come once a minute and know no processes; memory
#   and I/O trouble shows in the operating system first.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html
# custom:
#   severity: low
#   remediation: |
#     Set an interval and the role that delivers the figures:
#       rds.InstanceArgs{MonitoringInterval: pulumi.Int(60), MonitoringRoleArn: role.Arn}
#   frameworks:
#     NIST 800-53: [SI-4, AU-6]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ['readiness: Monitoring']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/clusterInstance:ClusterInstance']
#   reads: [monitoringInterval]
package gatehouse.aws.rds.enhanced_monitoring

deny contains {"path": ["monitoringInterval"], "message": "enhanced monitoring is off"} if {
	to_number(object.get(input.properties, "monitoringInterval", 0)) == 0
}
