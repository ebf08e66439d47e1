package web

import (
	"net/url"
	"strings"
)

// home tells whether a URL is HTTPS and of the same host as ours, or of a parent
// or a child of it: portal.example.com for api.portal.example.com.
func home(text, ours string) bool {
	to, err := url.Parse(text)
	from, wrong := url.Parse(ours)
	if err != nil || wrong != nil || to.Scheme != "https" {
		return false
	}
	a, b := strings.ToLower(to.Hostname()), strings.ToLower(from.Hostname())
	return a == b || within(a, b) || within(b, a)
}

// within tells whether a name is below another that is no top-level domain.
func within(name, parent string) bool {
	return strings.Contains(parent, ".") && strings.HasSuffix(name, "."+parent)
}
