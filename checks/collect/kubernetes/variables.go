package kubernetes

import (
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

// open are the variables whose values are kept: those that the guides give, and
// how programs log. None of them is a secret.
var open = []string{
	"NODE_ENV", "PLUGIN_INSTALL_MODE", "BACKSTAGE_ROOT", "DYNAMIC_PLUGINS_PATH", "S3_PLUGIN_BUCKET",
	"LOG_LEVEL", "LOG_FORMAT",
}

func variables(env []corev1.EnvVar) []evidence.KubeEnv {
	var found []evidence.KubeEnv
	for _, e := range env {
		v := evidence.KubeEnv{Name: e.Name}
		switch {
		case e.ValueFrom == nil:
			v.Literal, v.Empty = true, strings.TrimSpace(e.Value) == ""
			v.Placeholder, v.Credential = placeholder(e.Value), credential(e.Value)
			if slices.Contains(open, e.Name) && v.Credential == "" {
				v.Value = e.Value
			}
		case e.ValueFrom.SecretKeyRef != nil:
			v.Secret = e.ValueFrom.SecretKeyRef.Name + "/" + e.ValueFrom.SecretKeyRef.Key
		}
		found = append(found, v)
	}
	return found
}

// placeholders are whole values that somebody was meant to replace, as templates
// and tutorials write them.
var placeholders = regexp.MustCompile(`(?i)^(` +
	`change[-_ ]?(me|it|this).*|replace[-_ ]?(me|this|with).*|place[-_ ]?holder.*|to[-_ ]?do|tbd|fix[-_ ]?me|x{3,}|\.{3}|…|` +
	`your[-_ ].*|my[-_ ]?(secret|password|token|key)|<.*>|\$\{.*\}|\{\{.*\}\}|` +
	`example|sample|dummy|none|null|nil|undefined|test|secret|password|passw0rd|admin|token|12345\d*)$`)

// placeholder tells whether a value waits for a real one.
func placeholder(text string) bool { return placeholders.MatchString(strings.TrimSpace(text)) }

// credentials are what secrets look like, whatever they are called. Each is the
// form that its maker documents.
var credentials = []struct {
	what string
	form *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"an AWS access key", regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{"a GitHub token", regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})\b`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abprs]-[A-Za-z0-9-]{10,}`)},
	{"a Slack webhook", regexp.MustCompile(`https://hooks\.slack\.com/services/T\w+/B\w+/\w+`)},
	{"a URL with a password", regexp.MustCompile(`^[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@$]+@`)},
	{"a JSON Web Token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.`)},
}

func credential(text string) string {
	for _, each := range credentials {
		if each.form.MatchString(text) {
			return each.what
		}
	}
	return ""
}
