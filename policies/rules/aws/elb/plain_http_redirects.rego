# METADATA
# title: Plain HTTP only redirects to HTTPS
# description: >-
#   What is sent in the clear, cookies and tokens included, is read and changed
#   by anyone on the way. A listener on port 80 may at most point to HTTPS.
# related_resources:
# - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html
# custom:
#   severity: high
#   remediation: |
#     Redirect:
#       lb.ListenerDefaultActionArgs{Type: pulumi.String("redirect"), Redirect: lb.ListenerDefaultActionRedirectArgs{
#           Protocol: pulumi.String("HTTPS"), Port: pulumi.String("443"), StatusCode: pulumi.String("HTTP_301")}}
#   frameworks:
#     CIS EKS: ["5.4.5"]
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates", "deployment: Set up load balancer and ingress"]
#   resource_types: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"]
#   reads: [protocol, port, "defaultActions[*].type", "defaultActions[*].redirect.protocol"]
package gatehouse.aws.elb.plain_http_redirects

deny contains {"path": ["defaultActions", i, "type"], "message": sprintf("plain HTTP goes to the action %s", [action.type])} if {
	upper(input.properties.protocol) == "HTTP"
	some i, action in input.properties.defaultActions
	not action.type in {"redirect", "fixed-response"}
}

# A redirect keeps the protocol unless it is told another.
deny contains {"path": ["defaultActions", i, "redirect", "protocol"], "message": "the redirect stays on plain HTTP"} if {
	upper(input.properties.protocol) == "HTTP"
	some i, action in input.properties.defaultActions
	action.type == "redirect"
	object.get(action, ["redirect", "protocol"], "") != "HTTPS"
}

deny contains {"path": ["protocol"], "message": "the listener on port 80 does not say its protocol, which is HTTP"} if {
	not input.properties.protocol
	to_number(input.properties.port) == 80
}
