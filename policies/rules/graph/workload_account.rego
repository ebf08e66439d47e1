# METADATA
# title: A workload's ServiceAccount exists
# description: >-
#   Pods of a ServiceAccount that does not exist are never created; the workload
#   hangs without a pod to look at.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   severity: medium
#   remediation: |
#     Declare the account in the namespace of the workload:
#       apiVersion: v1
#       kind: ServiceAccount
#       metadata: {name: portal, namespace: portal}
#   frameworks:
#     NIST 800-53: [CM-6, AC-2]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.16]
#   subjects: [$pods]
#   resource_types:
#   - $pods
#   - kubernetes:core/v1:ServiceAccount
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     $pods: [$pod.serviceAccountName]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.workload_account

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": workload.urn, "path": array.concat(workload.path, ["serviceAccountName"]), "message": message} if {
	some workload in pods.workloads
	workload.namespace in graph.declared
	name := workload.spec.serviceAccountName
	not name in {"", "default"}
	count(graph.named("core/ServiceAccount", workload.namespace, name)) == 0
	message := sprintf("ServiceAccount %s does not exist in the namespace", [name])
}
