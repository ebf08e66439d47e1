# METADATA
# title: Schedules have a starting deadline
# description: >-
#   Without one a schedule that missed a hundred starts while the controller was away
#   never starts again; under ten seconds it may miss every start.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline
# custom:
#   severity: low
#   remediation: |
#     Say how late a run may still start:
#       spec: {startingDeadlineSeconds: 300}
#   frameworks:
#     NIST 800-53: [CP-10]
#     SOC 2: [A1.2]
#   resource_types: ["kubernetes:batch/*:CronJob"]
#   reads: [spec.startingDeadlineSeconds]
package gatehouse.kubernetes.workloads.cronjob_starting_deadline

path := ["spec", "startingDeadlineSeconds"]

deadline := object.get(input.properties, path, null)

deny contains {"path": path, "message": "runs that were missed are counted for ever"} if deadline == null

deny contains {"path": path, "message": sprintf("%v seconds are less than the controller's interval of 10", [deadline])} if {
	is_number(deadline)
	deadline < 10
}
