# METADATA
# title: What looks like a credential
# description: Names and texts that give away a password, a key or a token.
package gatehouse.lib.credentials

# named holds for names of what should be secret. The end of a name tells what
# it holds: DB_PASSWORD is a password, DB_PASSWORD_FILE a path.
named(name) if regex.match(endings, name)

endings := concat("", [
	`(?i)(password|passwd|passphrase|[_-]pass|[_-]pwd|secret|token|credentials?`,
	`|(api|access|secret|private|encryption|signing|master|account)[_-]?key|secret[_-]key[_-]base)$`,
])

# literal holds for values that can be a credential: not empty, no switch, and
# more than references to other variables.
literal(value) if {
	is_string(value)
	not lower(value) in {"", "true", "false"}
	not regex.match(`^\s*(\$\([\w.-]+\)|\$\{[\w.-]+\})+\s*$`, value)
}

# kind says what credential a text holds, whatever it is called.
kind(text) := kinds[i] if {
	groups := regex.find_all_string_submatch_n(forms, text, 1)[0]
	some i in numbers.range(0, count(kinds) - 1)
	groups[i + 1] != ""
}

kinds := ["a private key", "an access key of AWS", "a token of GitHub", "a token of Slack", "a URL with a password"]

# forms has a group for each kind, so that one look at many texts tells whether
# there is any.
forms := concat("|", [
	`(PRIVATE KEY-----)`,
	`\b((?:AKIA|ASIA)[A-Z0-9]{16})\b`,
	`(gh[ops]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})`,
	`(xox[abeoprs]-[A-Za-z0-9-]{10})`,
	`([A-Za-z][\w+.-]*://[^/\s:@]*:[^/\s:@$][^/\s@]*@)`,
])
