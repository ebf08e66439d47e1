# METADATA
# title: RDS Proxy refuses connections without TLS
# description: >-
#   The proxy takes connections without TLS unless it is told not to, whatever the
#   database behind it demands.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-planning.html
# custom:
#   severity: high
#   remediation: |
#     Require TLS:
#       rds.ProxyArgs{RequireTls: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SC-8, SC-8(1)]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['readiness: Connection Pooling']
#   resource_types: ['aws:rds/proxy:Proxy']
#   reads: [requireTls]
package gatehouse.aws.rds.proxy_requires_tls

deny contains {"path": ["requireTls"], "message": "connections without TLS are taken"} if {
	not object.get(input.properties, "requireTls", null) in {true, "true"}
}
