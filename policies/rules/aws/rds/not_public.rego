# METADATA
# title: RDS is not reachable from the internet
# description: >-
#   A public address puts the login of the database before every scanner on the
#   internet, with a security group as the only wall.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity: critical
#   remediation: |
#     Leave publiclyAccessible off and reach the database from inside the VPC:
#       rds.InstanceArgs{PubliclyAccessible: pulumi.Bool(false)}
#   frameworks:
#     CIS AWS: [2.3.3]
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ['readiness: Network Segmentation']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/clusterInstance:ClusterInstance']
#   reads: [publiclyAccessible]
package gatehouse.aws.rds.not_public

deny contains {"path": ["publiclyAccessible"], "message": "the instance has a public address"} if {
	input.properties.publiclyAccessible in {true, "true"}
}
