# METADATA
# title: Load balancers of Services are internal or name who may come
# description: >-
#   A Service of type LoadBalancer is open to the internet unless it says otherwise,
#   without the WAF and the TLS of the ingress.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer
# custom:
#   severity: high
#   remediation: |
#     Make it internal, or list the ranges that may come:
#       metadata: {annotations: {service.beta.kubernetes.io/aws-load-balancer-scheme: internal}}
#       spec: {type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb, loadBalancerSourceRanges: [10.0.0.0/8]}
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20, A.8.22]
#     Guide: ["readiness: Firewall Rules", "readiness: Network Segmentation"]
#   resource_types: ["kubernetes:core/*:Service"]
#   reads: [spec.type, spec.loadBalancerClass, spec.loadBalancerSourceRanges, metadata.annotations]
package gatehouse.kubernetes.network.load_balancer

annotations := object.get(input.properties, ["metadata", "annotations"], {})

ranges := object.get(input.properties, ["spec", "loadBalancerSourceRanges"], [])

balanced if input.properties.spec.type == "LoadBalancer"

# Annotations and ranges decide together: the path is above both.
deny contains {"path": [], "message": "anybody may come through the load balancer"} if {
	balanced
	not inside
	ranges in [null, []]
}

deny contains {"path": [], "message": sprintf("%s may come through the load balancer", [range])} if {
	balanced
	not inside
	some range in ranges
	range in {"0.0.0.0/0", "::/0"}
}

scheme := annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"]

inside if scheme == "internal"

inside if {
	not scheme
	annotations["service.beta.kubernetes.io/aws-load-balancer-internal"] in {"true", true, "0.0.0.0/0"}
}

# The AWS load balancer controller makes internal ones unless it is told
# otherwise.
inside if {
	not scheme
	startswith(input.properties.spec.loadBalancerClass, "service.k8s.aws/")
	object.get(input.properties, ["metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-internal"], null) == null
}

inside if {
	annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] in {"true", true}
}

inside if annotations["networking.gke.io/load-balancer-type"] == "Internal"
