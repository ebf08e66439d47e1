# METADATA
# title: RDS keeps its master password in Secrets Manager
# description: >-
#   A password that Pulumi sets stays in the state and in every backup of it, and
#   nobody rotates it; one that RDS manages is rotated every week.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
# custom:
#   severity: high
#   remediation: |
#     Let RDS make and rotate the password:
#       rds.InstanceArgs{ManageMasterUserPassword: pulumi.Bool(true), MasterUserSecretKmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [IA-5, IA-5(7)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ['readiness: Secrets Management', 'deployment: Configure secrets management']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [password, masterPassword]
package gatehouse.aws.rds.managed_password

deny contains {"path": [key], "message": "Pulumi's state holds the master password"} if {
	some key in ["password", "masterPassword"]
	not object.get(input.properties, key, null) in {null, ""}
}
