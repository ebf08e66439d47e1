# METADATA
# title: Services claim no outside addresses
# description: >-
#   A Service with externalIPs draws the traffic for any address, of the whole cluster, to
#   its own pods (CVE-2020-8554).
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/issues/97076
# custom:
#   severity: high
#   remediation: |
#     Remove externalIPs, and use a load balancer:
#       spec: {type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb}
#   frameworks:
#     NIST 800-53: [SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#   resource_types: ["kubernetes:core/*:Service"]
#   reads: [spec.externalIPs]
package gatehouse.kubernetes.network.external_ips

deny contains {"path": ["spec", "externalIPs"], "message": sprintf("%d outside addresses are claimed", [count(addresses)])} if {
	addresses := input.properties.spec.externalIPs
	not addresses in [null, []]
}
