# METADATA
# title: Roles approve and sign no certificates
# description: >-
#   Who approves certificate requests makes himself a client certificate of any name, the
#   cluster's components among them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing
# custom:
#   severity: high
#   remediation: |
#     Leave approval to the controllers of the cluster, and use cert-manager for the rest:
#       {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get]}
#   frameworks:
#     CIS Kubernetes: ["5.1.11"]
#     NIST 800-53: [AC-6, SC-17]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.certificate_approval

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "certificate requests may be approved"} if {
	some resource in ["certificatesigningrequests/approval", "*/approval", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "certificates.k8s.io", {"update", "patch"})
}

deny contains {"path": g.path, "message": "a signer may be used"} if {
	some resource in ["signers", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "certificates.k8s.io", {"approve", "sign"})
	count(g.names) == 0
}
