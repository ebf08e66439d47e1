# METADATA
# title: Load balancers defend against HTTP desync
# description: >-
#   In monitor mode a request that is known to confuse servers is counted and
#   then passed on, so that it can poison the next visitor's answer.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   remediation: |
#     Keep the default, or be stricter:
#       lb.LoadBalancerArgs{DesyncMitigationMode: pulumi.String("defensive")}
#   frameworks:
#     NIST 800-53: [SI-10, SC-8]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.26]
#   resource_types:
#   - aws:lb/loadBalancer:LoadBalancer
#   - aws:alb/loadBalancer:LoadBalancer
#   - aws:elb/loadBalancer:LoadBalancer
#   reads: [desyncMitigationMode]
package gatehouse.aws.elb.desync_defended

deny contains {"path": ["desyncMitigationMode"], "message": "dangerous requests are only counted"} if {
	input.properties.desyncMitigationMode == "monitor"
}
