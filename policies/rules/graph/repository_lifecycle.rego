# METADATA
# title: Every image repository lets old images go
# description: >-
#   Images that nobody deletes cost money and keep old vulnerabilities ready to
#   be deployed.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
# custom:
#   severity: low
#   remediation: |
#     Give the repository a lifecycle policy:
#       ecr.NewLifecyclePolicy(ctx, "portal", &ecr.LifecyclePolicyArgs{Repository: repository.Name, Policy: pulumi.String(rules)})
#   frameworks:
#     NIST 800-53: [SI-12, CM-2]
#     ISO 27001: [A.8.10]
#     Guide: ["readiness: Retention Policies"]
#   subjects: ["aws:ecr/repository:Repository"]
#   resource_types: ["aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"]
#   reads:
#     aws:ecr/lifecyclePolicy:LifecyclePolicy: [repository]
package gatehouse.graph.repository_lifecycle

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no lifecycle policy is about the repository"} if {
	some r in graph.of("ecr/Repository")
	not r.urn in tidied
}

tidied := graph.linked("ecr/LifecyclePolicy", "repository")
