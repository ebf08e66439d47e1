# METADATA
# title: The policy documents of any resource that carries some
# description: >-
#   Computed once for a resource; every rule about policy documents shares it.
#   Element names, effects, actions and condition keys are in lower case, and
#   whatever may be one value or a list is a list.
package gatehouse.lib.iam

# statements are those of all documents, each
# {path, kind, label, effect, actions, not_actions, resources, not_resources,
# principals, not_principals, conditions}. kind is identity, trust or resource;
# principals are {kind, id}; conditions are {test, key, values}.
statements := [s |
	some d in documents
	some key, list in d.document
	lower(key) == "statement"
	some i, raw in listed(list)
	is_object(raw)
	s := object.union(
		{
			"path": d.path,
			"kind": d.kind,
			"label": concat(" ", ["statement", format_int(i + 1, 10)]),
			"effect": "",
			"actions": [],
			"not_actions": [],
			"resources": [],
			"not_resources": [],
			"principals": [],
			"not_principals": [],
			"conditions": [],
		},
		{field: normal(field, value) | some element, value in raw; field := fields[lower(element)]},
	)
]

# identity are the statements that let the bearer of a policy do something.
identity := allowing("identity")

# free are those of them that no condition limits, full administration apart.
free := [s |
	some s in identity
	not limited(s)
	not administrator(s)
]

# trust are the statements that let somebody assume a role.
trust := allowing("trust")

# granted are the statements that let somebody use the resource itself.
granted := allowing("resource")

# exposed are the granted statements that let anybody in.
exposed := [s | some s in granted; everyone(s); not narrowed(s)]

# unreadable are the paths of documents that are no JSON object.
unreadable contains d.path if {
	some d in found
	d.document == null
}

# documents are those that can be read, each {path, kind, document}.
documents := [d | some d in found; d.document != null]

# everyone tells whether a statement names any principal at all.
everyone(s) if {
	some p in s.principals
	p.id == "*"
}

everyone(s) if count(s.not_principals) > 0

# narrowed tells whether a condition leaves only callers that somebody has
# chosen: an account, an organization, a network, a resource.
narrowed(s) if {
	some c in s.conditions
	c.key in callers
	binds(c)
}

# limited tells whether a condition holds a statement to some resources or
# requests, and not only to how, where or when they are made.
limited(s) if {
	some c in s.conditions
	not c.key in {"aws:multifactorauthpresent", "aws:requestedregion", "aws:securetransport", "aws:sourceip"}
	binds(c)
}

# binds tells whether a condition fails for requests without the key or with a
# value that nobody has named.
binds(c) if {
	c.test in positive
	count(c.values) > 0
	every v in c.values {
		not open(v)
	}
}

# everything tells whether a statement covers every resource.
everything(s) if {
	some r in s.resources
	r in {"*", "**", "*:*", "arn:*", "arn:aws:*"}
}

# administrator tells whether a statement covers every action on every resource.
administrator(s) if {
	everything(s)
	some a in s.actions
	a in {"*", "*:*"}
}

# web_identity tells whether a trust statement is about tokens of an OIDC
# provider.
web_identity(s) if {
	some p in s.principals
	contains(p.id, ":oidc-provider/")
}

# anywhere tells whether a statement covers every resource of a kind in IAM:
# * or a path of wildcards below the kind, in whatever account.
anywhere(s, _) if everything(s)

anywhere(s, kind) if {
	some r in s.resources
	parts := split(r, ":")
	parts[2] in {"iam", "*"}
	parts[5] in {"*", concat("", [kind, "/*"]), concat("", [kind, "*"])}
}

# covers tells whether one of the action patterns stands for an action.
covers(patterns, action) if action in patterns

covers(patterns, action) if {
	some p in patterns
	wild(p)
	glob.match(p, null, action)
}

# wild tells whether text holds a wildcard.
wild(text) if contains(text, "*")

wild(text) if contains(text, "?")

# listed makes a list of what may be one value or a list.
listed(v) := v if {
	is_array(v)
} else := [] if {
	v == null
} else := [v]

keys := {
	"policy": "resource",
	"accessPolicies": "resource",
	"policyDocument": "resource",
	"assumeRolePolicy": "trust",
	"inlinePolicy": "identity",
}

bearers := {
	"aws:iam/policy:Policy",
	"aws:iam/rolePolicy:RolePolicy",
	"aws:iam/userPolicy:UserPolicy",
	"aws:iam/groupPolicy:GroupPolicy",
}

# found are all documents; null stands for one that cannot be read.
found := array.concat(
	[{"path": [key], "kind": kind(key), "document": parsed(value)} |
		some key, _ in keys
		value := input.properties[key]
		not value in {"", null}
	],
	[{"path": ["inlinePolicies", i, "policy"], "kind": "identity", "document": parsed(p.policy)} |
		some i, p in input.properties.inlinePolicies
		not p.policy in {"", null}
	],
)

kind(key) := "identity" if {
	input.type in bearers
} else := keys[key]

parsed(value) := value if is_object(value)

else := document if {
	json.is_valid(value)
	document := json.unmarshal(value)
	is_object(document)
}

else := null

allowing(kind) := [s |
	some s in statements
	s.kind == kind
	s.effect == "allow"
]

# fields are what a statement's elements are called here.
fields := {
	"sid": "label",
	"effect": "effect",
	"action": "actions",
	"notaction": "not_actions",
	"resource": "resources",
	"notresource": "not_resources",
	"principal": "principals",
	"notprincipal": "not_principals",
	"condition": "conditions",
}

normal("label", v) := concat(" ", ["statement", v]) if not v in {"", null}

normal("effect", v) := lower(v)

normal("actions", v) := lowered(v)

normal("not_actions", v) := lowered(v)

normal("resources", v) := texts(v)

normal("not_resources", v) := texts(v)

normal("principals", v) := principals(v)

normal("not_principals", v) := principals(v)

normal("conditions", v) := conditions(v)

texts(v) := [t | some t in listed(v); is_string(t)]

lowered(v) := [lower(t) | some t in listed(v); is_string(t)]

principals(v) := [{"kind": lower(k), "id": id} | some k, ids in v; some id in texts(ids)] if is_object(v)

else := [{"kind": "aws", "id": id} | some id in texts(v)]

conditions(v) := [{"test": lower(test), "key": lower(key), "values": listed(values)} |
	some test, block in v
	some key, values in block
]

positive := {
	"arnequals", "arnlike", "bool", "ipaddress",
	"stringequals", "stringequalsignorecase", "stringlike",
	"foranyvalue:arnequals", "foranyvalue:arnlike",
	"foranyvalue:stringequals", "foranyvalue:stringequalsignorecase", "foranyvalue:stringlike",
}

callers := {
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths",
	"aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid",
	"elasticfilesystem:accessedviamounttarget", "kms:calleraccount",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint", "sts:externalid",
}

# open tells whether a value of a condition stands for anything.
open(v) if v in {"*", "?*", "o-*"}

# A network of less than eight bits is half the internet.
open(v) if {
	is_string(v)
	regex.match(`^[0-9a-fA-F.:]+/[0-7]$`, v)
}

open(v) if {
	is_string(v)
	startswith(v, "arn:")
	open_arn(split(v, ":"))
}

# open_arn tells whether an ARN leaves the account open, or is about any
# resource of a service whose ARNs name no account (S3).
open_arn(parts) if count(parts) < 6

open_arn(parts) if {
	parts[2] != "s3"
	contains(parts[4], "*")
}

open_arn(parts) if {
	parts[4] in {"", "*"}
	startswith(parts[5], "*")
}
