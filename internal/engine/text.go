package engine

import (
	"errors"
	"regexp"
	"strings"
)

// colour matches ANSI escapes and the engine's own `<{%reset%}>` marks.
var colour = regexp.MustCompile("\x1b\\[[0-9;]*m|<\\{%[^%]*%\\}>")

func stripColour(s string) string { return colour.ReplaceAllString(s, "") }

// shorten keeps of an Automation API error what the CLI wrote to standard
// error: the whole repeats it, the standard output and a stack trace.
func shorten(err error) error {
	if err == nil {
		return nil
	}
	text := stripColour(err.Error())
	if _, after, found := strings.Cut(text, "\nstderr: "); found {
		if after = strings.TrimSpace(strings.TrimPrefix(after, "\n")); after != "" {
			return errors.New(strings.TrimPrefix(after, "error: "))
		}
	}
	return errors.New(strings.TrimSpace(text))
}
