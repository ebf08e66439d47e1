package trail

import (
	"regexp"
	"strings"
)

// A record cannot be changed later, so a secret in one could never be taken out.
// To refuse the record would lose the event: what looks like a secret is replaced
// before it is written, and the replacement says what it was. Only well-known forms
// are found. Digests and integrity strings, which look as random, stay.
var secrets = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"private key", regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)`)},
	{"npm token", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{30,}`)},
	{"GitHub token", regexp.MustCompile(`\b(gh[opusr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})`)},
	{"GitLab token", regexp.MustCompile(`\bgl[a-z]{2,6}-[A-Za-z0-9_-]{20,}`)},
	{"AWS access key", regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{"Slack token", regexp.MustCompile(`\bxox[a-z]-[A-Za-z0-9-]{10,}`)},
	{"Pulumi token", regexp.MustCompile(`\bpul-[0-9a-f]{40}\b`)},
	{"Vault token", regexp.MustCompile(`\bhv[sbr]\.[A-Za-z0-9_-]{20,}`)},
	{"API key", regexp.MustCompile(`\b((sk|rk|pk)[-_](live|test|proj|ant)[-_A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35})`)},
	{"JSON Web Token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)},
	{"password in a URL", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@`)},
	{"credentials", regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9+/._~-]{16,}=*`)},
	{"secret", regexp.MustCompile(`(?i)\b[a-z0-9_.-]*(password|passwd|secret|token|api_?key|access_?key|_auth)["']?\s*[=:]\s*["']?[^\s"',;\[]{6,}`)},
}

// Redact replaces what looks like a secret by [redacted: KIND]. Append does so to
// the actor and to every reason.
func Redact(text string) string {
	for _, s := range secrets {
		text = s.pattern.ReplaceAllStringFunc(text, func(found string) string {
			if strings.Contains(found, "\n") && strings.HasSuffix(found, ":") {
				return found // YAML: a mapping of that name, and its first key below it
			}
			return "[redacted: " + s.kind + "]"
		})
	}
	return text
}

// redacted is the record without secrets in its free text.
func (r Record) redacted() Record {
	r.Actor, r.Reason = Redact(r.Actor), Redact(r.Reason)
	exceptions := make([]Exception, len(r.Exceptions))
	for i, e := range r.Exceptions {
		exceptions[i] = Exception{e.Step, Redact(e.Reason)}
	}
	r.Exceptions = exceptions
	return r
}
