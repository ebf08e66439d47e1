# METADATA
# title: What a workload mounts exists
# description: >-
#   A container whose ConfigMap or Secret is missing does not start:
#   CreateContainerConfigError, often only after the next restart.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
# custom:
#   severity: low
#   remediation: |
#     Declare it in the namespace, or mark the reference as optional:
#       envFrom: [{configMapRef: {name: portal, optional: true}}]
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Environment Variables"]
#   subjects: [$pods]
#   resource_types:
#   - $pods
#   - kubernetes:core/v1:ConfigMap
#   - kubernetes:core/v1:Secret
#   - kubernetes:external-secrets.io/*:ExternalSecret
#   - kubernetes:cert-manager.io/*:Certificate
#   - kubernetes:bitnami.com/*:SealedSecret
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     $pods: ["$pod.containers[*].env[*].valueFrom", "$pod.containers[*].envFrom", "$pod.initContainers[*].env[*].valueFrom", "$pod.initContainers[*].envFrom", $pod.volumes]
#     kubernetes:external-secrets.io/*:ExternalSecret: [spec.target.name]
#     kubernetes:cert-manager.io/*:Certificate: [spec.secretName]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.config_exists

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": workload.urn, "path": array.concat(workload.path, path), "message": message} if {
	some workload in pods.workloads
	workload.namespace in graph.declared
	some [path, kind, reference, name] in references(workload.spec)
	not object.get(reference, "optional", false) == true
	not exists(kind, workload.namespace, name)
	message := sprintf("%s %s does not exist in the namespace", [kind, name])
}

# references are the ConfigMaps and Secrets that a pod spec names.
references(spec) := array.concat(from_containers(spec), array.concat(from_volumes(spec), from_projections(spec)))

from_containers(spec) := [[[list, i, field, j], kind, reference, reference.name] |
	some list in ["containers", "initContainers"]
	some i, container in spec[list]
	some [field, within] in [["envFrom", []], ["env", ["valueFrom"]]]
	some j, entry in container[field]
	some key, reference in object.get(entry, within, {})
	kind := kinds[key]
]

from_volumes(spec) := [[["volumes", i, key], kinds[key], source, name] |
	some i, volume in spec.volumes
	some key in ["configMap", "secret"]
	source := volume[key]
	name := name_of(source)
]

from_projections(spec) := [[["volumes", i, "projected", "sources", j, key], kinds[key], source, name] |
	some i, volume in spec.volumes
	some j, entry in volume.projected.sources
	some key in ["configMap", "secret"]
	source := entry[key]
	name := name_of(source)
]

name_of(source) := object.get(source, "secretName", object.get(source, "name", null))

kinds := {
	"configMap": "ConfigMap",
	"configMapKeyRef": "ConfigMap",
	"configMapRef": "ConfigMap",
	"secret": "Secret",
	"secretKeyRef": "Secret",
	"secretRef": "Secret",
}

exists(kind, namespace, name) if count(graph.named(concat("/", ["core", kind]), namespace, name)) > 0

# Every namespace is given these.
exists("ConfigMap", _, name) if name in {"istio-ca-root-cert", "kube-root-ca.crt"}

exists("Secret", namespace, name) if [namespace, name] in made

# made are the Secrets that controllers make of other objects.
made contains [graph.namespace(r), name] if {
	some r in graph.of("external-secrets.io/ExternalSecret")
	name := object.get(r.properties, ["spec", "target", "name"], graph.name(r))
}

made contains [graph.namespace(r), r.properties.spec.secretName] if {
	some r in graph.of("cert-manager.io/Certificate")
}

made contains [graph.namespace(r), graph.name(r)] if {
	some r in graph.of("bitnami.com/SealedSecret")
}
