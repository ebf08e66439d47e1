# METADATA
# title: No secret reaches an output or a configuration in plain
# description: >-
#   What stands in a stack's output, a ConfigMap or an environment variable in
#   plain is read by everybody who may look, and is kept in every state and log.
# related_resources:
# - ref: https://www.pulumi.com/docs/iac/concepts/secrets/
# custom:
#   severity: critical
#   remediation: |
#     Keep what is made of a secret secret, and hand it over in a Secret or by reference:
#       ctx.Export("url", pulumi.ToSecret(url))
#   frameworks:
#     NIST 800-53: [IA-5, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Secrets Management", "deployment: Configure secrets management"]
#   subjects: [pulumi:pulumi:Stack, kubernetes:core/v1:ConfigMap, $pods, aws:ssm/parameter:Parameter, aws:lambda/function:Function, aws:ecs/taskDefinition:TaskDefinition, aws:ec2/instance:Instance, aws:ec2/launchTemplate:LaunchTemplate]
#   resource_types:
#   - pulumi:pulumi:Stack
#   - kubernetes:core/v1:ConfigMap
#   - $pods
#   - aws:ssm/parameter:Parameter
#   - aws:lambda/function:Function
#   - aws:ecs/taskDefinition:TaskDefinition
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   contents:
#     kubernetes:core/v1:ConfigMap: [data]
#     $pods: ["$pod.containers[*].env[*].value", "$pod.initContainers[*].env[*].value"]
#     aws:ssm/parameter:Parameter: [value]
#     aws:lambda/function:Function: [environment]
#     aws:ecs/taskDefinition:TaskDefinition: [containerDefinitions]
#     aws:ec2/*: [userData, userDataBase64]
package gatehouse.graph.secret_leak

import data.gatehouse.lib.graph

deny contains {"resource": leak.resource, "path": leak.path, "message": message} if {
	some leak in input.leaks
	graph.resource[leak.resource]
	words := split(leak.from, "::")
	message := sprintf("holds the secret %s of %s in plain", [concat(".", [sprintf("%v", [step]) | some step in leak.from_path]), words[count(words) - 1]])
}
