# METADATA
# title: RDS lets applications in by IAM
# description: >-
#   A password of the database lives for years in files and memory; a token of IAM
#   lives for 15 minutes and its use is on record.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
# custom:
#   severity: medium
#   remediation: |
#     Turn it on, and grant rds-db:connect to the roles that may connect:
#       rds.InstanceArgs{IamDatabaseAuthenticationEnabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [IA-2, IA-5, AC-3]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#     Guide: ['readiness: Secrets Management']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [iamDatabaseAuthenticationEnabled, engine]
package gatehouse.aws.rds.iam_authentication

deny contains {"path": ["iamDatabaseAuthenticationEnabled"], "message": "applications can connect by password only"} if {
	not object.get(input.properties, "iamDatabaseAuthenticationEnabled", null) in {true, "true"}
	input.properties.engine in {"postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"}
}
