# METADATA
# title: Objects use API versions that the cluster still has
# description: >-
#   The API server refuses an object of a version that has been removed; after an upgrade
#   the next deployment fails.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
# custom:
#   severity: high
#   remediation: |
#     Use the stable version:
#       apiVersion: policy/v1
#   frameworks:
#     NIST 800-53: [CM-2, SA-22]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.8]
#     Guide: ["readiness: Cluster Version"]
#   resource_types: ["kubernetes:*/v*beta*:*"]
#   reads: [apiVersion]
#   parameters:
#     minor: {type: integer, minimum: 16, default: 34, description: "the cluster's minor version of Kubernetes 1"}
package gatehouse.kubernetes.api.removed

# removed has the minor version that no longer has a kind. Groups that lost some
# kinds have got others since, so each kind is named.
removed := {
	"apps/v1beta1": {"Deployment": 16, "StatefulSet": 16, "ControllerRevision": 16},
	"apps/v1beta2": {
		"Deployment": 16,
		"StatefulSet": 16,
		"DaemonSet": 16,
		"ReplicaSet": 16,
		"ControllerRevision": 16,
	},
	"extensions/v1beta1": {
		"Deployment": 16,
		"DaemonSet": 16,
		"ReplicaSet": 16,
		"NetworkPolicy": 16,
		"PodSecurityPolicy": 16,
		"Ingress": 22,
	},
	"admissionregistration.k8s.io/v1beta1": {
		"MutatingWebhookConfiguration": 22,
		"ValidatingWebhookConfiguration": 22,
	},
	"apiextensions.k8s.io/v1beta1": {"CustomResourceDefinition": 22},
	"apiregistration.k8s.io/v1beta1": {"APIService": 22},
	"certificates.k8s.io/v1beta1": {"CertificateSigningRequest": 22},
	"coordination.k8s.io/v1beta1": {"Lease": 22},
	"networking.k8s.io/v1beta1": {"Ingress": 22, "IngressClass": 22},
	"rbac.authorization.k8s.io/v1beta1": {
		"Role": 22,
		"RoleBinding": 22,
		"ClusterRole": 22,
		"ClusterRoleBinding": 22,
	},
	"scheduling.k8s.io/v1beta1": {"PriorityClass": 22},
	"storage.k8s.io/v1beta1": {
		"CSIDriver": 22,
		"CSINode": 22,
		"StorageClass": 22,
		"VolumeAttachment": 22,
		"CSIStorageCapacity": 27,
	},
	"autoscaling/v2beta1": {"HorizontalPodAutoscaler": 25},
	"batch/v1beta1": {"CronJob": 25},
	"discovery.k8s.io/v1beta1": {"EndpointSlice": 25},
	"events.k8s.io/v1beta1": {"Event": 25},
	"node.k8s.io/v1beta1": {"RuntimeClass": 25},
	"policy/v1beta1": {"PodDisruptionBudget": 25, "PodSecurityPolicy": 25},
	"autoscaling/v2beta2": {"HorizontalPodAutoscaler": 26},
	"flowcontrol.apiserver.k8s.io/v1beta1": {"FlowSchema": 26, "PriorityLevelConfiguration": 26},
	"flowcontrol.apiserver.k8s.io/v1beta2": {"FlowSchema": 29, "PriorityLevelConfiguration": 29},
	"flowcontrol.apiserver.k8s.io/v1beta3": {"FlowSchema": 32, "PriorityLevelConfiguration": 32},
}

deny contains {"path": ["apiVersion"], "message": sprintf("Kubernetes 1.%d has removed %s", [minor, trim_prefix(input.type, "kubernetes:")])} if {
	[version, kind] := split(trim_prefix(input.type, "kubernetes:"), ":")
	minor := removed[version][kind]
	minor <= data.parameters["kubernetes-api-removed"].minor
}
