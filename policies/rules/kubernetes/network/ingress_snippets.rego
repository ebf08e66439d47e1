# METADATA
# title: Ingresses inject no configuration
# description: >-
#   Snippet annotations are written into the proxy's configuration as they are; whoever
#   may write an Ingress reads every secret of the controller (CVE-2021-25742).
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/issues/126811
# custom:
#   severity: high
#   remediation: |
#     Use the annotation made for the purpose, or the controller's ConfigMap:
#       annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 8m}
#   frameworks:
#     NIST 800-53: [CM-7, SI-10]
#     SOC 2: [CC6.8]
#     ISO 27001: [A.8.28]
#   resource_types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"]
#   reads: [metadata.annotations]
package gatehouse.kubernetes.network.ingress_snippets

deny contains {"path": ["metadata", "annotations", key], "message": sprintf("%s injects configuration", [key])} if {
	some key, value in input.properties.metadata.annotations
	endswith(key, "-snippet")
	value != ""
}

# snippets is the annotation of the other nginx controller.
deny contains {"path": ["metadata", "annotations", key], "message": sprintf("%s injects configuration", [key])} if {
	some key, value in input.properties.metadata.annotations
	startswith(key, "nginx.org/")
	endswith(key, "-snippets")
	value != ""
}
