# METADATA
# title: Schedules keep some of their jobs
# description: >-
#   Without a failed job there is no log to read; with hundreds of them the API server
#   carries what nobody reads.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#jobs-history-limits
# custom:
#   severity: low
#   remediation: |
#     Keep a few:
#       spec: {successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3}
#   frameworks:
#     NIST 800-53: [AU-4, AU-12]
#     SOC 2: [CC7.2]
#   resource_types: ["kubernetes:batch/*:CronJob"]
#   reads: [spec.successfulJobsHistoryLimit, spec.failedJobsHistoryLimit]
#   parameters:
#     most: {type: integer, minimum: 1, default: 10, description: "the most jobs to keep of either kind"}
package gatehouse.kubernetes.workloads.cronjob_history

most := data.parameters["kubernetes-workloads-cronjob-history"].most

deny contains {"path": ["spec", "failedJobsHistoryLimit"], "message": "no failed job is kept"} if {
	input.properties.spec.failedJobsHistoryLimit == 0
}

deny contains {"path": ["spec", limit], "message": sprintf("%v jobs are kept, at most %d are wanted", [input.properties.spec[limit], most])} if {
	some limit in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]
	input.properties.spec[limit] > most
}
