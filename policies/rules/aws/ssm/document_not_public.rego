# METADATA
# title: No Systems Manager document is shared with everybody
# description: >-
#   Documents hold commands, names of machines and often secrets. A public one
#   is read by every AWS account.
# related_resources:
# - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
# custom:
#   severity: high
#   remediation: |
#     Name the accounts:
#       ssm.DocumentArgs{Permissions: pulumi.StringMap{"type": pulumi.String("Share"), "accountIds": pulumi.String("111122223333")}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:ssm/document:Document
#   reads: [permissions]
package gatehouse.aws.ssm.document_not_public

deny contains {"path": ["permissions", key], "message": "the document is shared with all accounts"} if {
	some key in ["accountIds", "account_ids"]
	some account in split(input.properties.permissions[key], ",")
	lower(trim_space(account)) == "all"
}
