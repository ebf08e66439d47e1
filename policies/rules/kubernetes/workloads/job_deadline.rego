# METADATA
# title: Jobs have a deadline
# description: >-
#   A job that hangs runs for ever and, with Forbid, keeps every later run of its schedule
#   from starting.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
# custom:
#   severity: medium
#   remediation: |
#     Set the longest that it may take, retries included:
#       spec: {activeDeadlineSeconds: 3600}
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#   resource_types: ["kubernetes:batch/*:Job", "kubernetes:batch/*:CronJob"]
#   reads: [spec.activeDeadlineSeconds, spec.jobTemplate.spec.activeDeadlineSeconds, spec.template.spec.activeDeadlineSeconds, spec.jobTemplate.spec.template.spec.activeDeadlineSeconds]
package gatehouse.kubernetes.workloads.job_deadline

import data.gatehouse.lib.pods

# The job's spec is where its pod template is.
job := array.slice(pods.path, 0, count(pods.path) - 2)

# A deadline of the job or of its pods will do; the path is above both.
deny contains {"path": job, "message": "the job may run for ever"} if {
	object.get(input.properties, array.concat(job, ["activeDeadlineSeconds"]), null) == null
	object.get(pods.spec, "activeDeadlineSeconds", null) == null
}
