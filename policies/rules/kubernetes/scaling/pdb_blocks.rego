# METADATA
# title: Disruption budgets let nodes be drained
# description: >-
#   A budget that allows no pod to go stops every node upgrade until somebody forces it,
#   and then everything goes at once.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   severity: high
#   remediation: |
#     Let one pod go at a time:
#       spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
#   frameworks:
#     NIST 800-53: [CP-10, SI-2]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   resource_types: ["kubernetes:policy/*:PodDisruptionBudget"]
#   reads: [spec.maxUnavailable, spec.minAvailable]
package gatehouse.kubernetes.scaling.pdb_blocks

import data.gatehouse.lib.workloads

deny contains {"path": ["spec", "maxUnavailable"], "message": "no pod may ever go"} if {
	input.properties.spec.maxUnavailable in [0, "0", "0%"]
}

deny contains {"path": ["spec", "minAvailable"], "message": "every pod must stay"} if {
	workloads.percentage(input.properties.spec.minAvailable) >= 100
}
