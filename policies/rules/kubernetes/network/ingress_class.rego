# METADATA
# title: Ingresses say which controller serves them
# description: >-
#   An Ingress without a class is served by every controller that takes such, or by none;
#   a new controller makes it public.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
# custom:
#   severity: medium
#   remediation: |
#     Name the class:
#       spec: {ingressClassName: nginx}
#   frameworks:
#     NIST 800-53: [CM-6, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Ingress Controller"]
#   resource_types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"]
#   reads: [spec.ingressClassName, metadata.annotations]
package gatehouse.kubernetes.network.ingress_class

# The old annotation decides as well: the path is above both.
deny contains {"path": [], "message": "no class is named"} if {
	object.get(input.properties, ["spec", "ingressClassName"], "") in ["", null]
	object.get(input.properties, ["metadata", "annotations", "kubernetes.io/ingress.class"], "") in ["", null]
}
