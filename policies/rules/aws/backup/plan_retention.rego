# METADATA
# title: Backups are kept long enough
# description: >-
#   Damage is often noticed weeks later. A backup that is gone by then restores
#   nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
# custom:
#   severity: high
#   remediation: |
#     Keep recovery points longer:
#       backup.PlanRuleArgs{Lifecycle: backup.PlanRuleLifecycleArgs{DeleteAfter: pulumi.Int(35)}}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ["deployment: Set up backup procedures", "readiness: Retention Policies"]
#   resource_types:
#   - aws:backup/plan:Plan
#   reads: ["rules[*].lifecycle", "rules[*].copyActions[*].lifecycle"]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 36500
#       default: 14
#       description: "Days for which backups are kept at least"
package gatehouse.aws.backup.plan_retention

deny contains {
	"path": array.concat(l.path, ["deleteAfter"]),
	"message": sprintf("%s are deleted after %v days; %d are required", [l.what, l.days, data.parameters["aws-backup-plan-retention"].days]),
} if {
	some l in lives
	to_number(l.days) < data.parameters["aws-backup-plan-retention"].days
}

lives contains {"path": ["rules", i, "lifecycle"], "what": "recovery points", "days": rule.lifecycle.deleteAfter} if {
	some i, rule in input.properties.rules
}

lives contains {
	"path": ["rules", i, "copyActions", j, "lifecycle"],
	"what": "copies",
	"days": copy.lifecycle.deleteAfter,
} if {
	some i, rule in input.properties.rules
	some j, copy in rule.copyActions
}
