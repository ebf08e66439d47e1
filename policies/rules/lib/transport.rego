# METADATA
# title: Whether policy documents refuse requests without TLS
# description: Shared by the rules about buckets and file systems.
package gatehouse.lib.transport

import data.gatehouse.lib.iam

# refused tells whether the documents keep every request without TLS from each
# of the actions. A statement that allows with TLS alone does not: another
# policy may allow without.
refused(actions) if {
	every action in actions {
		denied(action)
	}
}

denied(action) if {
	some s in denials
	iam.covers(s.actions, action)
}

# denials are for everybody, for everything, and for no reason but missing TLS.
denials := [s |
	some s in iam.statements
	s.effect == "deny"
	some p in s.principals
	p.id == "*"
	contents(s)
	count(s.conditions) == 1
	s.conditions[0].key == "aws:securetransport"
	s.conditions[0].test in {"bool", "boolifexists"}
	[lower(sprintf("%v", [v])) | some v in s.conditions[0].values] == ["false"]
]

# contents tells whether a statement covers what is in a bucket, and not the
# bucket alone.
contents(s) if {
	some r in s.resources
	endswith(r, "*")
}

contents(_) if input.type == "aws:efs/fileSystemPolicy:FileSystemPolicy"
