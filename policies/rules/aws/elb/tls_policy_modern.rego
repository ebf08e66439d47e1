# METADATA
# title: Load balancers speak TLS 1.2 and newer only
# description: >-
#   The default policy still accepts TLS 1.0 with ciphers that have been broken,
#   and an attacker on the way chooses the weakest that both sides accept.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
# custom:
#   severity: high
#   remediation: |
#     Choose a policy that begins at TLS 1.2:
#       lb.ListenerArgs{SslPolicy: pulumi.String("ELBSecurityPolicy-TLS13-1-2-2021-06")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"]
#   reads: [protocol, sslPolicy]
package gatehouse.aws.elb.tls_policy_modern

ssl_policy := object.get(input.properties, "sslPolicy", "ELBSecurityPolicy-2016-08")

deny contains {"path": ["sslPolicy"], "message": sprintf("%s accepts TLS older than 1.2", [ssl_policy])} if {
	upper(input.properties.protocol) in {"HTTPS", "TLS"}
	not regex.match(`^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)(-|$)`, ssl_policy)
}
