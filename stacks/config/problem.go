package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a configuration.
type Problem struct {
	// File is the file as it was named by the caller.
	File string `json:"file"`
	// Line and Column are where the key stands, from 1; 0 when the key is in
	// no file.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Key is the whole key, e.g. gatehouse:network.zones.us-west-2a.data, in
	// the syntax of `pulumi config set --path`; empty for the whole file.
	Key string `json:"key,omitempty"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
	// Suggestion is the nearest valid name or value; empty when none is near.
	Suggestion string `json:"suggestion,omitempty"`
	// Warning marks what does not stop a deployment yet.
	Warning bool `json:"warning,omitempty"`
}

// String is `FILE:LINE:COLUMN: KEY: MESSAGE; did you mean "SUGGESTION"?`.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(withSuggestion(p.Message, p.Suggestion))
	return b.String()
}

// Problems are all that is wrong in a configuration, sorted by place.
type Problems []Problem

// Error gives one line a problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// Errors leaves the warnings out.
func (p Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(p), func(problem Problem) bool { return problem.Warning })
}

// Warnings are the problems that do not stop a deployment yet.
func (p Problems) Warnings() Problems {
	return slices.DeleteFunc(slices.Clone(p), func(problem Problem) bool { return !problem.Warning })
}

// err is the errors as an error, nil when there are none.
func (p Problems) err() error {
	if errs := p.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

func (p Problems) sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Message, b.Message),
		)
	})
}
