# METADATA
# title: Public load balancers stand behind a web ACL
# description: >-
#   A load balancer that the internet reaches without a WAF passes injection
#   attempts, floods and scanners straight to the pods.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html
# custom:
#   severity: high
#   remediation: |
#     Associate a web ACL with it, or make it internal behind CloudFront:
#       wafv2.NewWebAclAssociation(ctx, "edge", &wafv2.WebAclAssociationArgs{ResourceArn: balancer.Arn, WebAclArn: acl.Arn})
#   frameworks:
#     NIST 800-53: [SC-7, SC-5]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["deployment: Configure WAF rules", "readiness: Ingress Controller"]
#   subjects: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]
#   resource_types:
#   - aws:lb/loadBalancer:LoadBalancer
#   - aws:alb/loadBalancer:LoadBalancer
#   - aws:wafv2/webAclAssociation:WebAclAssociation
#   reads:
#     aws:wafv2/webAclAssociation:WebAclAssociation: [resourceArn]
#   contents:
#     aws:lb/loadBalancer:LoadBalancer: [internal, loadBalancerType]
#     aws:alb/loadBalancer:LoadBalancer: [internal, loadBalancerType]
package gatehouse.graph.load_balancer_waf

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["internal"], "message": "faces the internet and no web ACL is associated with it"} if {
	some kind in ["lb/LoadBalancer", "alb/LoadBalancer"]
	some r in graph.of(kind)
	not graph.truthy(object.get(r.properties, "internal", false))
	object.get(r.properties, "loadBalancerType", "application") == "application"
	not r.urn in guarded
}

guarded := graph.linked("wafv2/WebAclAssociation", "resourceArn")
