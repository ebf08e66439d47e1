package readinesstest

import "gatehouse/report/readiness"

// access are grants of people and programs, powerful and not.
func access() *readiness.Access {
	return &readiness.Access{
		Digest: "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
		Unread: []string{"policies of the role legacy-admin: iam:GetRolePolicy is denied"},
		Grants: []readiness.Grant{
			{
				System: "aws", Holder: "arn:aws:iam::123456789012:role/platform-admin", Through: "AdministratorAccess",
				Scope: "account", May: []string{"*:* on *"}, Powerful: true, Person: true,
			},
			{
				System: "aws", Holder: "arn:aws:iam::123456789012:role/gatehouse-auditor", Through: "SecurityAudit",
				Scope: "account", May: []string{"rds:Describe* on *", "eks:Describe* on *"},
			},
			{
				System: "kubernetes", Holder: "Group platform-admins", Through: "ClusterRoleBinding platform-admins",
				Scope: "cluster", May: []string{"all verbs on all resources"}, Powerful: true, Person: true,
			},
			{
				System: "kubernetes", Holder: "ServiceAccount developer-portal/backstage", Through: "RoleBinding developer-portal/backstage",
				Scope: "namespace developer-portal", May: []string{"get, list, watch pods", "get pods/log"},
			},
		},
	}
}

// expiring are statements that end soon, and one that has ended.
func expiring() []readiness.Expiring {
	return []readiness.Expiring{
		{
			Kind: readiness.Attested, Of: "COMP-3", By: "Ada Lovelace", Expires: "2026-11-18", Days: -4,
			Remedy: "gatehouse attest COMP-3",
		},
		{
			Kind: readiness.Waived, Of: "CACHE-1", Resource: "CACHE-1", By: "Platform team", Expires: "2026-11-30", Days: 8,
			Remedy: "gatehouse waive CACHE-1 --expires DATE",
		},
		{
			Kind: readiness.Attested, Of: "MNT-1", By: "Operations", Expires: "2026-12-01", Days: 9,
			Remedy: "gatehouse attest MNT-1",
		},
	}
}
