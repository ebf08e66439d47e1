package config

import (
	"encoding"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// form says how a scalar is written. Messages and the JSON Schema are both
// made from it.
type form struct {
	// what names the thing, with its article: `an AWS account ID (12 digits)`.
	what string
	// example is one valid value.
	example string
	// pattern is what the text must match; nil when choices say it all. Its
	// syntax is common to Go and to JSON Schema (ECMA 262).
	pattern *regexp.Regexp
	// choices is the closed list of values, if there is one.
	choices []string
}

// scalar is a value that is written as one YAML string.
type scalar interface {
	encoding.TextUnmarshaler
	form() form
}

// maxListed is how many choices a message lists before it gives an example
// instead.
const maxListed = 8

// formError is a value that does not have its form.
type formError struct {
	message    string
	suggestion string
}

// Error gives the message with the nearest valid value, if there is one.
func (e *formError) Error() string { return withSuggestion(e.message, e.suggestion) }

// check returns a *formError when the text does not have the form.
func (f form) check(text string) error {
	if f.choices == nil {
		if f.pattern.MatchString(text) {
			return nil
		}
		return &formError{message: fmt.Sprintf("%s is not %s, such as %s", quote(text), f.what, f.example)}
	}
	if slices.Contains(f.choices, text) {
		return nil
	}
	message := fmt.Sprintf("%s is not %s: %s", quote(text), f.what, strings.Join(f.choices, ", "))
	if len(f.choices) > maxListed {
		message = fmt.Sprintf("%s is not %s, such as %s", quote(text), f.what, f.example)
	}
	return &formError{message: message, suggestion: nearest(text, f.choices)}
}

// parseText sets a string scalar to the text when the text has the form.
func parseText[T ~string](to *T, f form, text []byte) error {
	if err := f.check(string(text)); err != nil {
		return err
	}
	*to = T(text)
	return nil
}

// quote quotes a value for a message, cut when it is long.
func quote(text string) string {
	const limit = 60
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
