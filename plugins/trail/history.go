package trail

import (
	_ "embed"
	"encoding/json"
	"io"
	"slices"

	"gatehouse/plugins"
)

// History is an audit trail as it is shown.
type History struct {
	// Records in their order.
	Records []Record `json:"records"`
	// Problems are what is wrong with it; empty is good.
	Problems []Problem `json:"problems"`
	// Head is the last record's, to be kept elsewhere: SEQUENCE:HASH.
	Head Head `json:"head"`
}

// NewHistory puts together what [Load] and [Verify] found.
func NewHistory(records []Record, problems []Problem) History {
	h := History{Records: records, Problems: problems}
	for _, r := range records {
		if r.Sequence > h.Head.Sequence {
			h.Head = r.Head()
		}
	}
	return h
}

// Of are the records about one package, whatever its version; the problems and the
// head stay those of the whole trail.
func (h History) Of(name string) History {
	h.Records = slices.DeleteFunc(slices.Clone(h.Records), func(r Record) bool {
		return r.Plugin == nil || r.Plugin.Name != name
	})
	return h
}

// Newest is the last succeeded record of one action about one package.
func (h History) Newest(action Action, ref plugins.Ref) (Record, bool) {
	for _, r := range slices.Backward(h.Records) {
		if r.Action == action && r.Outcome == Succeeded && r.Plugin != nil && *r.Plugin == ref {
			return r, true
		}
	}
	return Record{}, false
}

// The schema is made from the types and their doc comments.
//
//go:generate go test -run SchemaIsCurrent$ . -update

//go:embed trail.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what JSON writes; its Record is that
// of each file of a log.
func Schema() []byte { return slices.Clone(schema) }

// JSON writes the history.
func JSON(w io.Writer, h History) error {
	// A reader may rely on lists that are empty rather than null.
	if h.Records == nil {
		h.Records = []Record{}
	}
	h.Records = slices.Clone(h.Records)
	for i, r := range h.Records {
		if r.Exceptions == nil {
			h.Records[i].Exceptions = []Exception{}
		}
	}
	if h.Problems == nil {
		h.Problems = []Problem{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(h)
}
