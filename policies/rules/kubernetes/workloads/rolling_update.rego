# METADATA
# title: Deployments roll out without losing replicas
# description: >-
#   Recreate stops everything before it starts anything, and the default takes a quarter
#   of the replicas away; a roll-out that fails half-way then serves with what is left.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
# custom:
#   severity: medium
#   remediation: |
#     Start the new pod before the old one goes:
#       strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
#   frameworks:
#     NIST 800-53: [CM-3, CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.32]
#   resource_types: ["kubernetes:apps/*:Deployment"]
#   reads: [spec.strategy]
package gatehouse.kubernetes.workloads.rolling_update

recreates if input.properties.spec.strategy.type == "Recreate"

deny contains {"path": ["spec", "strategy"], "message": "Recreate stops every replica before a new one starts"} if recreates

deny contains {"path": ["spec", "strategy"], "message": sprintf("maxUnavailable is %v", [unavailable])} if {
	not recreates
	unavailable := object.get(input.properties, ["spec", "strategy", "rollingUpdate", "maxUnavailable"], "25% when left out")
	not unavailable in [0, "0", "0%"]
}
