# METADATA
# title: Health checks ask over HTTPS
# description: >-
#   A check over plain HTTP is answered by the redirect and stays green while the
#   certificate has expired and no visitor gets in.
# related_resources:
# - ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
# custom:
#   severity: low
#   remediation: |
#     Ask as a visitor would:
#       route53.HealthCheckArgs{Type: pulumi.String("HTTPS"), Port: pulumi.Int(443), EnableSni: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SC-8, SI-4]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up uptime monitoring"]
#   resource_types: ["aws:route53/healthCheck:HealthCheck"]
#   reads: [type]
package gatehouse.aws.route53.health_checks_encrypted

deny contains {"path": ["type"], "message": "the check is over plain HTTP"} if {
	upper(input.properties.type) in {"HTTP", "HTTP_STR_MATCH"}
}
