# METADATA
# title: Runs of a schedule do not overlap
# description: >-
#   A run that takes longer than its interval meets the next one; two backups or two
#   migrations at once spoil each other.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy
# custom:
#   severity: medium
#   remediation: |
#     Skip the run, or replace the old one:
#       spec: {concurrencyPolicy: Forbid}
#   frameworks:
#     NIST 800-53: [SC-5, SI-10]
#     SOC 2: [PI1.3]
#   resource_types: ["kubernetes:batch/*:CronJob"]
#   reads: [spec.concurrencyPolicy]
package gatehouse.kubernetes.workloads.cronjob_concurrency

deny contains {"path": ["spec", "concurrencyPolicy"], "message": "runs may overlap"} if {
	object.get(input.properties, ["spec", "concurrencyPolicy"], "Allow") in ["Allow", "", null]
}
