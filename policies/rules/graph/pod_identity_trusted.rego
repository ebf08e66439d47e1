# METADATA
# title: A pod identity has a role that trusts pods
# description: >-
#   A role that does not let pods.eks.amazonaws.com assume it and tag the session
#   leaves the pods without permissions.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
# custom:
#   severity: medium
#   remediation: |
#     Let the role's trust policy name the service, with both actions:
#       {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
#   frameworks:
#     NIST 800-53: [AC-3, CM-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15]
#   subjects: ["aws:eks/podIdentityAssociation:PodIdentityAssociation"]
#   resource_types: ["aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws:iam/role:Role"]
#   reads:
#     aws:eks/podIdentityAssociation:PodIdentityAssociation: [roleArn]
#   contents:
#     aws:iam/role:Role: [assumeRolePolicy]
package gatehouse.graph.pod_identity_trusted

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["roleArn"], "message": message} if {
	some r in graph.of("eks/PodIdentityAssociation")
	some urn in graph.links(r, "roleArn", "iam/Role")
	role := graph.resource[urn]
	some action in ["sts:assumerole", "sts:tagsession"]
	not allows(role, action)
	message := sprintf("role %s does not allow pods.eks.amazonaws.com %s", [role.name, action])
}

allows(role, wanted) if {
	some statement in graph.statements(role.properties.assumeRolePolicy)
	statement.Effect == "Allow"
	"pods.eks.amazonaws.com" in graph.listed(statement.Principal.Service)
	some action in graph.listed(statement.Action)
	lower(action) in {"*", "sts:*", wanted}
}
