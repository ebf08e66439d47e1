# METADATA
# title: A role trusts another account on a condition only
# description: >-
#   Whoever is trusted as a whole account decides alone which of its users come
#   in, and a vendor's account serves other customers too.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
# custom:
#   severity: low
#   remediation: |
#     Name the role that may come in, or demand an external ID:
#       "Condition": {"StringEquals": {"sts:ExternalId": "the ID that the vendor gave you"}}
#     Accounts of your own may be named in the parameter trusted_accounts.
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [assumeRolePolicy]
#   parameters:
#     trusted_accounts:
#       type: array
#       items: {type: string, pattern: "^[0-9]{12}$"}
#       description: "Accounts that may be trusted as a whole"
#       default: []
package gatehouse.aws.iam.cross_account_bound

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s trusts everybody of account %s", [s.label, account]),
} if {
	some s in iam.trust
	not iam.narrowed(s)
	some p in s.principals
	account := whole(p.id)
	not account in data.parameters["aws-iam-cross-account-bound"].trusted_accounts
}

# whole is the account that a principal stands for as a whole.
whole(id) := id if regex.match(`^[0-9]{12}$`, id)

whole(id) := split(id, ":")[4] if endswith(id, ":root")
