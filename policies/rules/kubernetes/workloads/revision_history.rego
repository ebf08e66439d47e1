# METADATA
# title: Deployments can be rolled back
# description: >-
#   With no old revisions kept, kubectl rollout undo has nothing to go back to.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
# custom:
#   severity: medium
#   remediation: |
#     Keep some; ten is the default:
#       spec: {revisionHistoryLimit: 10}
#   frameworks:
#     NIST 800-53: [CM-2, CP-10]
#     SOC 2: [CC8.1]
#     Guide: ["deployment: Set up rollback procedures"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: [spec.revisionHistoryLimit]
package gatehouse.kubernetes.workloads.revision_history

deny contains {"path": ["spec", "revisionHistoryLimit"], "message": "no old revision is kept"} if {
	input.properties.spec.revisionHistoryLimit in [0, "0"]
}

remedy contains {"path": ["spec", "revisionHistoryLimit"], "value": 10}
