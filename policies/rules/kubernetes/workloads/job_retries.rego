# METADATA
# title: Jobs give up after few retries
# description: >-
#   A job that fails for a reason that stays is repeated with its side effects each time,
#   and its failure is told late.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
# custom:
#   severity: low
#   remediation: |
#     Retry a few times:
#       spec: {backoffLimit: 3}
#   frameworks:
#     NIST 800-53: [SC-5]
#     SOC 2: [A1.1]
#   resource_types: ["kubernetes:batch/*:Job", "kubernetes:batch/*:CronJob"]
#   reads: [spec.backoffLimit, spec.jobTemplate.spec.backoffLimit]
#   parameters:
#     most: {type: integer, minimum: 0, default: 6, description: "the most retries"}
package gatehouse.kubernetes.workloads.job_retries

import data.gatehouse.lib.pods

most := data.parameters["kubernetes-workloads-job-retries"].most

path := array.concat(array.slice(pods.path, 0, count(pods.path) - 2), ["backoffLimit"])

deny contains {"path": path, "message": sprintf("%v retries, at most %d are wanted", [retries, most])} if {
	retries := object.get(input.properties, path, 6)
	retries > most
}
