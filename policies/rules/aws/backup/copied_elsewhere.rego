# METADATA
# title: Backups are copied to another region or account
# description: >-
#   Backups beside the stores are lost with the region, or with whoever takes
#   over the account.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
# custom:
#   severity: low
#   remediation: |
#     Copy what one rule writes at least:
#       CopyActions: backup.PlanRuleCopyActionArray{backup.PlanRuleCopyActionArgs{DestinationVaultArn: far.Arn}}
#   frameworks:
#     NIST 800-53: [CP-6, CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ["deployment: Test disaster recovery procedures"]
#   resource_types:
#   - aws:backup/plan:Plan
#   reads: ["rules[*].copyActions"]
package gatehouse.aws.backup.copied_elsewhere

deny contains {"path": ["rules"], "message": "no rule copies its backups"} if {
	copies := [copy | some copy in input.properties.rules[_].copyActions]
	count(copies) == 0
}
