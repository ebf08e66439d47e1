package render

import (
	_ "embed"
	"encoding/json"
	"io"
	"slices"

	"gatehouse/report"
)

// The schemas are made from report's types and their doc comments.
//
//go:generate go test -run SchemaIsCurrent$ . -update

//go:embed policy.schema.json
var policySchema []byte

// PolicySchema is the JSON Schema (draft 2020-12) of what JSON writes.
func PolicySchema() []byte { return slices.Clone(policySchema) }

// JSON writes the whole result.
func JSON(w io.Writer, r report.Result, _ Options) error {
	// A reader may rely on lists and maps that are empty rather than null.
	if r.Findings == nil {
		r.Findings = []report.Finding{}
	}
	if r.Summary.Disabled == nil {
		r.Summary.Disabled = []string{}
	}
	if r.Summary.Unmatched == nil {
		r.Summary.Unmatched = []string{}
	}
	if r.Summary.BySeverity == nil {
		r.Summary.BySeverity = map[report.Severity]int{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
