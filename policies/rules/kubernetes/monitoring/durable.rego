# METADATA
# title: Prometheus and Alertmanager survive the loss of a pod
# description: >-
#   A single replica is blind while it restarts, and one without a volume forgets its past
#   and its silences.
# related_resources:
# - ref: https://prometheus-operator.dev/docs/platform/high-availability/
# custom:
#   severity: medium
#   remediation: |
#     Run two, each on a volume:
#       spec: {replicas: 2, storage: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 50Gi}}}}}}
#   frameworks:
#     NIST 800-53: [AU-4, CP-10, SI-4]
#     SOC 2: [A1.2, CC7.2]
#     ISO 27001: [A.8.14, A.8.16]
#     Guide: ["deployment: Deploy Prometheus and Grafana"]
#   resource_types: ["kubernetes:monitoring.coreos.com/*:Prometheus", "kubernetes:monitoring.coreos.com/*:Alertmanager"]
#   reads: [spec.replicas, spec.storage]
#   parameters:
#     least: {type: integer, minimum: 1, default: 2, description: "the fewest replicas"}
package gatehouse.kubernetes.monitoring.durable

least := data.parameters["kubernetes-monitoring-durable"].least

deny contains {"path": ["spec", "replicas"], "message": sprintf("%v replicas, at least %d are wanted", [replicas, least])} if {
	replicas := object.get(input.properties, ["spec", "replicas"], 1)
	replicas < least
}

deny contains {"path": ["spec", "storage"], "message": "its data is lost with its pod"} if {
	storage := object.get(input.properties, ["spec", "storage"], {})
	not storage.volumeClaimTemplate
	not storage.ephemeral
}
