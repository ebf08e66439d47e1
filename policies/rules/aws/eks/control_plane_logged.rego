# METADATA
# title: Every log of the control plane is kept
# description: >-
#   The audit log is the only record of who did what in the cluster; the others
#   tell why a login, a schedule or a controller failed. None can be had later.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
# custom:
#   severity: high
#   remediation: |
#     Turn all of them on:
#       eks.ClusterArgs{EnabledClusterLogTypes: pulumi.ToStringArray([]string{"api", "audit", "authenticator", "controllerManager", "scheduler"})}
#   frameworks:
#     CIS EKS: ["2.1.1"]
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [enabledClusterLogTypes]
#   parameters:
#     types:
#       type: array
#       items: {enum: [api, audit, authenticator, controllerManager, scheduler]}
#       default: [api, audit, authenticator, controllerManager, scheduler]
#       description: Logs that must be on
package gatehouse.aws.eks.control_plane_logged

wanted := {t | some t in data.parameters["aws-eks-control-plane-logged"].types}

enabled := {t | some t in input.properties.enabledClusterLogTypes}

deny contains {"path": ["enabledClusterLogTypes"], "message": sprintf("logs are off: %s", [concat(", ", sort(missing))])} if {
	missing := wanted - enabled
	count(missing) > 0
}
