package config

import "regexp"

// Scalars of the web.
type (
	// URL is an https URL without user, query or fragment.
	URL string
	// ContentSecurityPolicy is the value of that header. The word DOMAIN in it
	// stands for the environment's domain: see [Config.ContentSecurityPolicy].
	ContentSecurityPolicy string
	// SlackChannel is a channel's name with its #.
	SlackChannel string
)

var (
	urlPattern = regexp.MustCompile(`^https://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~%/-]*)?$`)
	// What could end the header's value, or the string of nginx that holds it,
	// is not among the characters.
	cspPattern     = regexp.MustCompile(`^[a-z]+(-[a-z]+)*[A-Za-z0-9 ';:/.*=+_-]*$`)
	channelPattern = regexp.MustCompile(`^#[a-z0-9_-]{1,79}$`)
)

func (*URL) form() form {
	return form{what: "an https URL", example: "https://vault.example.com:8200", pattern: urlPattern}
}

// UnmarshalText accepts https URLs without user, query and fragment.
func (u *URL) UnmarshalText(text []byte) error { return parseText(u, u.form(), text) }

func (*ContentSecurityPolicy) form() form {
	return form{what: "a content security policy", example: "default-src 'self'", pattern: cspPattern}
}

// UnmarshalText accepts directives without quotation marks, $ and line ends.
func (c *ContentSecurityPolicy) UnmarshalText(text []byte) error {
	return parseText(c, c.form(), text)
}

func (*SlackChannel) form() form {
	return form{what: "a Slack channel", example: `"#platform-alerts"`, pattern: channelPattern}
}

// UnmarshalText accepts # and up to 79 lower-case letters, digits, - and _.
func (c *SlackChannel) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }
