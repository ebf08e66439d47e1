package render

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/report/metrics"
	"gatehouse/report/readiness"
	"gatehouse/report/render/html"
	"gatehouse/report/render/oscal"
)

//go:embed readiness.schema.json
var readinessSchema []byte

// ReadinessSchema is the JSON Schema (draft 2020-12) of what ReadinessJSON
// writes.
func ReadinessSchema() []byte { return slices.Clone(readinessSchema) }

// ReadinessFunc writes a run of the readiness checks in one format. The same run
// makes the same bytes.
type ReadinessFunc func(w io.Writer, r readiness.Run, o Options) error

// ReadinessFormats are all formats of a readiness run by the name that -o takes.
var ReadinessFormats = map[string]ReadinessFunc{
	"csv":      ReadinessCSV,
	"html":     ReadinessHTML,
	"json":     ReadinessJSON,
	"junit":    ReadinessJUnit,
	"markdown": ReadinessMarkdown,
	"oscal":    ReadinessOSCAL,
	"sarif":    ReadinessSARIF,
	"summary":  ReadinessSummary,
	"text":     ReadinessText,
	"textfile": ReadinessTextfile,
}

// ReadinessNames are the names of the formats, sorted.
func ReadinessNames() []string { return slices.Sorted(maps.Keys(ReadinessFormats)) }

// ReadinessJSON writes the whole run.
func ReadinessJSON(w io.Writer, r readiness.Run, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// ReadinessOSCAL writes the run as assessment results of OSCAL 1.1.3.
func ReadinessOSCAL(w io.Writer, r readiness.Run, _ Options) error { return oscal.Write(w, r) }

// ReadinessHTML writes the run as one page, dated by the end of the run: a page
// that is made again later is the same.
func ReadinessHTML(w io.Writer, r readiness.Run, _ Options) error {
	return html.Write(w, r, r.Started.Add(time.Duration(r.Seconds*float64(time.Second))))
}

// ReadinessTextfile writes the verdicts as metrics, for the textfile collector of
// Prometheus' node exporter.
func ReadinessTextfile(w io.Writer, r readiness.Run, _ Options) error { return metrics.Textfile(w, r) }

// ReadinessLine sums a run up: "68 items: 49 pass · 2 fail · 0 error · 6 unknown
// · 11 manual".
func ReadinessLine(r readiness.Run) string {
	s := r.Summary
	parts := []string{
		fmt.Sprintf("%d pass", s.Pass), fmt.Sprintf("%d fail", s.Fail), fmt.Sprintf("%d error", s.Error),
		fmt.Sprintf("%d unknown", s.Unknown), fmt.Sprintf("%d manual", s.Manual),
	}
	if s.NotApplicable > 0 {
		parts = append(parts, fmt.Sprintf("%d not applicable", s.NotApplicable))
	}
	if s.Waived > 0 {
		parts = append(parts, fmt.Sprintf("%d waived", s.Waived))
	}
	if s.Attested > 0 {
		parts = append(parts, fmt.Sprintf("%d attested", s.Attested))
	}
	return count(len(r.Items), "item") + ": " + strings.Join(parts, " · ")
}
