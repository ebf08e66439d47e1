# METADATA
# title: Classic load balancers take encrypted traffic only
# description: >-
#   A classic load balancer cannot redirect: what comes to a plain listener is
#   sent in the clear all the way.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html
# custom:
#   severity: high
#   remediation: |
#     Listen with a certificate, or better, move to an application load balancer:
#       elb.LoadBalancerListenerArgs{LbPort: pulumi.Int(443), LbProtocol: pulumi.String("https"), SslCertificateId: certificate.Arn,
#           InstancePort: pulumi.Int(443), InstanceProtocol: pulumi.String("https")}
#   frameworks:
#     CIS EKS: ["5.4.5"]
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:elb/loadBalancer:LoadBalancer"]
#   reads: ["listeners[*].lbProtocol"]
package gatehouse.aws.elb.classic_encrypted

deny contains {"path": ["listeners", i, "lbProtocol"], "message": sprintf("the listener speaks %s", [listener.lbProtocol])} if {
	some i, listener in input.properties.listeners
	not lower(listener.lbProtocol) in {"https", "ssl"}
}
