# METADATA
# title: Only roles administer the cluster
# description: >-
#   A user's access key lasts until somebody deletes it, and system:masters can
#   never be taken away by RBAC. A role's session ends by itself and is audited.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html
# custom:
#   severity: high
#   remediation: |
#     Grant it to a role that people assume:
#       eks.AccessPolicyAssociationArgs{PrincipalArn: admins.Arn, PolicyArn: pulumi.String("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")}
#   frameworks:
#     CIS EKS: ["4.1.1"]
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC", "readiness: Access Reviews"]
#   resource_types: ["aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"]
#   reads: [principalArn, policyArn, kubernetesGroups]
package gatehouse.aws.eks.admins_are_roles

deny contains {"path": ["principalArn"], "message": "an IAM user or the account itself administers the cluster"} if {
	regex.match(`/AmazonEKS(Cluster)?AdminPolicy$`, input.properties.policyArn)
	regex.match(`:(user/.*|root)$`, input.properties.principalArn)
}

deny contains {"path": ["kubernetesGroups", i], "message": "the group system:masters is above RBAC"} if {
	some i, group in input.properties.kubernetesGroups
	group == "system:masters"
}
