# METADATA
# title: Load balancers keep access logs
# description: >-
#   The access log says who asked for what, and what they got. Nothing else sees
#   requests that never reached the application.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
# custom:
#   severity: medium
#   remediation: |
#     Log to a bucket:
#       lb.LoadBalancerAccessLogsArgs{Bucket: logs.Bucket, Enabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:lb/loadBalancer:LoadBalancer
#   - aws:alb/loadBalancer:LoadBalancer
#   - aws:elb/loadBalancer:LoadBalancer
#   reads: [accessLogs.enabled, loadBalancerType]
package gatehouse.aws.elb.access_logged

deny contains {"path": [], "message": "requests are not logged"} if {
	object.get(input.properties, "loadBalancerType", "application") != "gateway" # it has no log
	not logged
}

logged if input.properties.accessLogs.enabled in {true, "true"}

# A classic load balancer logs as soon as it knows where.
logged if {
	startswith(input.type, "aws:elb/")
	object.get(input.properties.accessLogs, "enabled", true) == true
}
