# METADATA
# title: Roles create no pods
# description: >-
#   Who creates a pod chooses its service account, its secrets and its volumes, and so has
#   them all.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
# custom:
#   severity: medium
#   remediation: |
#     Leave pods to their controllers; where something must run, let it create the one kind that it needs:
#       {apiGroups: [batch], resources: [jobs], verbs: [create]}
#   frameworks:
#     CIS EKS: ["4.1.4"]
#     CIS Kubernetes: ["5.1.4"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
#   parameters:
#     resources: {type: array, items: {type: string}, default: [pods], description: "the kinds that nobody creates; add deployments, jobs … where those count as pods"}
package gatehouse.kubernetes.rbac.create_pods

import data.gatehouse.lib.rbac

kinds := array.concat(data.parameters["kubernetes-rbac-create-pods"].resources, ["*"])

deny contains {"path": g.path, "message": sprintf("%s may be created", [kind])} if {
	some kind in kinds
	some g in rbac.on[kind]
	some group in ["", "apps", "batch"]
	rbac.allows(g, group, {"create"})
}
