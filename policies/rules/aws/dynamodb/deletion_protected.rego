# METADATA
# title: DynamoDB refuses to delete the table
# description: >-
#   A table goes with one call, and a change of its keys replaces it.
# related_resources:
# - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
# custom:
#   severity: medium
#   remediation: |
#     Protect the table:
#       dynamodb.TableArgs{DeletionProtectionEnabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-9, CM-5]
#     SOC 2: [A1.2, CC8.1]
#     ISO 27001: [A.8.32]
#   resource_types: ['aws:dynamodb/table:Table']
#   reads: [deletionProtectionEnabled]
package gatehouse.aws.dynamodb.deletion_protected

deny contains {"path": ["deletionProtectionEnabled"], "message": "one call deletes the table"} if {
	not object.get(input.properties, "deletionProtectionEnabled", null) in {true, "true"}
}
