# METADATA
# title: RDS takes minor versions by itself
# description: >-
#   Minor versions are where security fixes of the engine come from; nobody
#   applies them by hand in time.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
# custom:
#   severity: medium
#   remediation: |
#     Leave autoMinorVersionUpgrade on and name the major version alone:
#       rds.InstanceArgs{EngineVersion: pulumi.String("17"), AutoMinorVersionUpgrade: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: [2.3.2]
#     NIST 800-53: [SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ['readiness: Maintenance Windows']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/clusterInstance:ClusterInstance']
#   reads: [autoMinorVersionUpgrade]
package gatehouse.aws.rds.minor_upgrades

deny contains {"path": ["autoMinorVersionUpgrade"], "message": "minor versions are not applied"} if {
	input.properties.autoMinorVersionUpgrade in {false, "false"}
}
