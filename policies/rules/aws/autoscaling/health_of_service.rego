# METADATA
# title: An instance that fails its load balancer's check is replaced
# description: >-
#   The default check only asks whether the machine runs. One whose application
#   hangs then stays in the group, taking no traffic and being replaced by none.
# related_resources:
# - ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
# custom:
#   severity: medium
#   remediation: |
#     Let the load balancer's check count:
#       autoscaling.GroupArgs{HealthCheckType: pulumi.String("ELB")}
#   frameworks:
#     NIST 800-53: [CP-10, SI-4]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["readiness: Health Checks", "deployment: Configure auto-scaling policies"]
#   resource_types: ["aws:autoscaling/group:Group"]
#   reads: [healthCheckType, targetGroupArns, loadBalancers]
package gatehouse.aws.autoscaling.health_of_service

deny contains {"path": ["healthCheckType"], "message": "the load balancer's check does not count"} if {
	some key in ["targetGroupArns", "loadBalancers"]
	count(input.properties[key]) > 0
	not contains(object.get(input.properties, "healthCheckType", "EC2"), "ELB")
}
