# METADATA
# title: Application load balancers drop headers that are not valid
# description: >-
#   A header that the load balancer and the application read differently is how
#   one request is smuggled inside another, past every check in front.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   remediation: |
#     Drop them:
#       lb.LoadBalancerArgs{DropInvalidHeaderFields: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SI-10, SC-8]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.26]
#     Guide: ["readiness: API Security"]
#   resource_types: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]
#   reads: [dropInvalidHeaderFields, loadBalancerType]
package gatehouse.aws.elb.invalid_headers_dropped

deny contains {"path": [], "message": "headers that are not valid get through"} if {
	object.get(input.properties, "loadBalancerType", "application") == "application"
	not input.properties.dropInvalidHeaderFields
}
