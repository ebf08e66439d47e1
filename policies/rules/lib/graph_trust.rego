# METADATA
# title: Which ServiceAccount may assume which role
# description: >-
#   The trust policies of IAM roles towards the pods of a cluster, and the
#   ServiceAccounts that name roles in their annotation.
package gatehouse.lib.graph_trust

import data.gatehouse.lib.graph

annotation := "eks.amazonaws.com/role-arn"

# federated are the statements of each role that let tokens of a cluster in.
federated := {r.urn: statements |
	some r in graph.of("iam/Role")
	statements := [statement |
		some statement in graph.statements(r.properties.assumeRolePolicy)
		statement.Effect == "Allow"
		web_identity(statement)
		cluster_issued(statement)
	]
	count(statements) > 0
}

web_identity(statement) if {
	some action in graph.listed(statement.Action)
	lower(action) in {"*", "sts:*", "sts:assumerolewithwebidentity"}
}

cluster_issued(statement) if {
	some provider in graph.listed(statement.Principal.Federated)
	contains(provider, "oidc.eks.")
}

# Issuers under another name are known by the subjects that they vouch for.
cluster_issued(statement) if count(subjects(statement)) > 0

# subjects are the ServiceAccounts that a statement lets in, as
# system:serviceaccount:NAMESPACE:NAME, with * where it compares patterns.
subjects(statement) := {subject |
	some operator, keys in statement.Condition
	lower(operator) in {"stringequals", "stringlike", "foranyvalue:stringequals", "foranyvalue:stringlike"}
	some key, value in keys
	endswith(lower(key), ":sub")
	some subject in graph.listed(value)
	pods(subject)
}

pods(subject) if startswith(subject, "system:serviceaccount:")

pods("*")

# users are the ServiceAccounts that name each role.
users[urn] contains account if {
	some account in graph.of("core/ServiceAccount")
	account.properties.metadata.annotations[annotation]
	some urn in graph.links(account, "metadata", "iam/Role")
	named(account, urn)
}

# At a first preview the annotation is not known, and its role is a link.
users[urn] contains account if {
	some account in graph.of("core/ServiceAccount")
	not account.properties.metadata.annotations[annotation]
	some urn in graph.links(account, "metadata", "iam/Role")
}

named(account, urn) if account.properties.metadata.annotations[annotation] == graph.resource[urn].outputs.arn

named(_, urn) if not graph.resource[urn].outputs.arn

# subject_of is what the token of a ServiceAccount says.
subject_of(account) := sprintf("system:serviceaccount:%s:%s", [graph.namespace(account), graph.name(account)])

# trusts tells whether a role lets a ServiceAccount in.
trusts(urn, subject) if {
	some statement in federated[urn]
	some pattern in subjects(statement)
	glob.match(pattern, [], subject)
}

trusts(urn, _) if {
	some statement in federated[urn]
	count(subjects(statement)) == 0
}
