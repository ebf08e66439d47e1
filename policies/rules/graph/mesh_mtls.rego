# METADATA
# title: Namespaces of the mesh demand mutual TLS
# description: >-
#   Unless a policy says STRICT a sidecar takes plain text too, and whoever
#   reaches the pod past the mesh is let in without an identity.
# related_resources:
# - ref: https://istio.io/latest/docs/reference/config/security/peer_authentication/
# custom:
#   severity: high
#   remediation: |
#     Demand it for the whole mesh, in its root namespace, and take looser policies out:
#       apiVersion: security.istio.io/v1
#       kind: PeerAuthentication
#       metadata: {name: default, namespace: istio-system}
#       spec: {mtls: {mode: STRICT}}
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Service Mesh"]
#   subjects: [kubernetes:core/v1:Namespace, kubernetes:security.istio.io/*:PeerAuthentication]
#   resource_types:
#   - kubernetes:core/v1:Namespace
#   - kubernetes:security.istio.io/*:PeerAuthentication
#   contents:
#     kubernetes:core/v1:Namespace: [metadata.labels]
#     kubernetes:security.istio.io/*:PeerAuthentication: [spec]
#   parameters:
#     root: {type: string, minLength: 1, default: istio-system, description: The root namespace of the mesh.}
package gatehouse.graph.mesh_mtls

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["metadata", "labels"], "message": "is in the mesh and no PeerAuthentication demands mutual TLS"} if {
	some key, r in meshed
	not key in strict
	not data.parameters["graph-mesh-mtls"].root in strict
}

deny contains {"resource": r.urn, "path": ["spec"], "message": sprintf("lets %s in", [says])} if {
	some r in graph.of("security.istio.io/PeerAuthentication")
	graph.namespace(r) in (object.keys(meshed) | {data.parameters["graph-mesh-mtls"].root})
	some says in loose(r.properties.spec)
}

# meshed are the namespaces whose pods join the mesh, by what graph.namespace says.
meshed := {graph.namespace_key(r): r |
	some r in graph.of("core/Namespace")
	joins(object.get(r.properties.metadata, "labels", {}))
}

joins(labels) if labels["istio-injection"] == "enabled"

joins(labels) if {
	labels["istio.io/rev"]
	object.get(labels, "istio-injection", "") != "disabled"
}

joins(labels) if labels["istio.io/dataplane-mode"] == "ambient"

strict := {graph.namespace(r) |
	some r in graph.of("security.istio.io/PeerAuthentication")
	not r.properties.spec.selector
	r.properties.spec.mtls.mode == "STRICT"
}

loose(spec) := {mode |
	some mtls in array.concat([object.get(spec, "mtls", {})], [port | some port in object.get(spec, "portLevelMtls", {})])
	mode := mtls.mode
	mode in {"PERMISSIVE", "DISABLE"}
}
