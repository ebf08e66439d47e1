# METADATA
# title: Load balancers are protected from deletion
# description: >-
#   A load balancer that is deleted takes its address with it: DNS, firewalls and
#   certificates then point at nothing, and a new one has another name.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   remediation: |
#     Protect it; to delete it on purpose, turn this off first:
#       lb.LoadBalancerArgs{EnableDeletionProtection: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-10, CM-3]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.32]
#   resource_types: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]
#   reads: [enableDeletionProtection]
package gatehouse.aws.elb.deletion_protected

deny contains {"path": ["enableDeletionProtection"], "message": "it can be deleted at once"} if {
	not input.properties.enableDeletionProtection
}
