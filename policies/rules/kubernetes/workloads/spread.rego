# METADATA
# title: Replicas are spread over nodes or zones
# description: >-
#   Nothing else keeps two replicas off one node; when it goes, all of them go with it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
# custom:
#   severity: medium
#   remediation: |
#     Spread the pods over zones:
#       topologySpreadConstraints:
#       - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}
#   frameworks:
#     NIST 800-53: [CP-10, SC-36]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet"]
#   reads: [spec.replicas, "$pod.topologySpreadConstraints", "$pod.affinity.podAntiAffinity"]
package gatehouse.kubernetes.workloads.spread

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

# The path is the whole spec: the number of replicas decides as much as the
# constraints do.
deny contains {"path": ["spec"], "message": "nothing keeps the replicas apart"} if {
	not alone
	object.get(pods.spec, "topologySpreadConstraints", []) in [[], null]
	not apart
}

alone if workloads.whole(input.properties.spec.replicas) < 2

apart if {
	some terms in object.get(pods.spec, ["affinity", "podAntiAffinity"], {})
	not terms in [null, []]
}
