# METADATA
# title: Health checks are on and mean what they say
# description: >-
#   A check that is disabled counts as healthy, so that DNS keeps sending people
#   to what is down; an inverted one sends them there on purpose.
# related_resources:
# - ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
# custom:
#   severity: medium
#   remediation: |
#     Turn it on, or delete it:
#       route53.HealthCheckArgs{Disabled: pulumi.Bool(false), InvertHealthcheck: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [SI-4, CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up uptime monitoring"]
#   resource_types: ["aws:route53/healthCheck:HealthCheck"]
#   reads: [disabled, invertHealthcheck]
package gatehouse.aws.route53.health_checks_on

deny contains {"path": [key], "message": sprintf("the check is %s", [state])} if {
	some key, state in {"disabled": "disabled and counts as healthy", "invertHealthcheck": "inverted"}
	input.properties[key] in {true, "true"}
}
