// Package render shows what the policies found, in one format a file. Nothing is
// computed here: a renderer leaves out, orders and words, but decides nothing.
//
// What is shown stands in report. Every text of a finding may hold anything,
// such as control characters and the syntax of the format; escape.go is what
// keeps it in its place.
package render

import (
	"io"
	"maps"
	"slices"
	"time"

	"gatehouse/report"
)

// Options say how to show a result.
type Options struct {
	// Now is what the days to a waiver's expiry are counted from; the zero time
	// leaves them out.
	Now time.Time
	// Color is whether the output is a terminal that shows colours.
	Color bool
	// Width is how many columns text may take, 80 when it is 0.
	Width int
	// Verbose lists every resource, where otherwise a count stands.
	Verbose bool
}

// Func writes a result in one format. The same result makes the same bytes.
type Func func(w io.Writer, r report.Result, o Options) error

// Formats are all formats by the name that -o takes.
var Formats = map[string]Func{
	"github":   GitHub,
	"json":     JSON,
	"junit":    JUnit,
	"markdown": Markdown,
	"sarif":    SARIF,
	"text":     Text,
}

// Names are the names of the formats, sorted.
func Names() []string { return slices.Sorted(maps.Keys(Formats)) }
