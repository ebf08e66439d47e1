# METADATA
# title: Services run on several replicas
# description: >-
#   A single replica is an outage at every node upgrade, eviction and crash.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
# custom:
#   severity: medium
#   remediation: |
#     Run at least two, or leave replicas out and let an autoscaler own them:
#       spec: {replicas: 2}
#   frameworks:
#     NIST 800-53: [CP-10, SC-36]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet"]
#   reads: [spec.replicas]
#   parameters:
#     least: {type: integer, minimum: 1, default: 2, description: "the fewest replicas of a workload"}
package gatehouse.kubernetes.workloads.replicas

import data.gatehouse.lib.workloads

least := data.parameters["kubernetes-workloads-replicas"].least

# Unset means that an autoscaler owns it.
deny contains {"path": ["spec", "replicas"], "message": sprintf("%v replicas, at least %d are wanted", [input.properties.spec.replicas, least])} if {
	workloads.whole(input.properties.spec.replicas) < least
}
