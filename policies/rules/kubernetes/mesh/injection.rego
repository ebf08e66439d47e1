# METADATA
# title: Workloads do not opt out of the mesh
# description: >-
#   A pod without the proxy speaks in clear, is under no authorization policy, and is
#   refused by everything that asks for mTLS.
# related_resources:
# - ref: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
# custom:
#   severity: medium
#   remediation: |
#     Remove the label, and leave out single ports where one must:
#       template: {metadata: {annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "8443"}}}
#   frameworks:
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Service Mesh"]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads:
#   - spec.template.metadata.labels["sidecar.istio.io/inject"]
#   - spec.template.metadata.annotations["sidecar.istio.io/inject"]
package gatehouse.kubernetes.mesh.injection

import data.gatehouse.lib.pods

deny contains {"path": ["spec", "template", "metadata", group, "sidecar.istio.io/inject"], "message": "the pods opt out of the mesh"} if {
	some group in ["labels", "annotations"]
	pods.metadata[group]["sidecar.istio.io/inject"] in ["false", false]
}
