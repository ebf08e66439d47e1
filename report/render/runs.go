package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"gatehouse/report/readiness"
)

// RunsFunc writes a list of runs in one format. The same list makes the same
// bytes.
type RunsFunc func(w io.Writer, runs []readiness.Point, o Options) error

// RunsFormats are all formats of a list of runs by the name that -o takes.
var RunsFormats = map[string]RunsFunc{
	"json": RunsJSON,
	"text": RunsText,
}

// RunsNames are the names of the formats, sorted.
func RunsNames() []string { return slices.Sorted(maps.Keys(RunsFormats)) }

// RunsJSON writes the list.
func RunsJSON(w io.Writer, runs []readiness.Point, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(append([]readiness.Point{}, runs...))
}

// RunsText is a table, one run a line, in the order of the list.
func RunsText(w io.Writer, runs []readiness.Point, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	if len(runs) == 0 {
		p.put("no runs are kept")
	}
	widest := len("RUN")
	for _, r := range runs {
		widest = max(widest, utf8.RuneCountInString(line(r.ID)))
	}
	row := func(s style, id string, columns ...any) {
		p.put(p.paint(s, fmt.Sprintf("%-*s", widest, id)) + fmt.Sprintf(" %5v%5v%6v%8v%7v%7v%6v  %v", columns...))
	}
	if len(runs) > 0 {
		row(plain, "RUN", "PASS", "FAIL", "ERROR", "UNKNOWN", "MANUAL", "WAIVED", "HOLDS", "READY")
	}
	for _, r := range runs {
		ready, s := "no", bad
		if r.Ready {
			ready, s = "yes", good
		}
		holds := "–"
		if r.Percent != nil {
			holds = fmt.Sprintf("%d%%", *r.Percent)
		}
		row(s, line(r.ID), r.Pass, r.Fail, r.Error, r.Unknown, r.Manual, r.Waived, holds, ready)
	}
	_, err := io.WriteString(w, p.String())
	return err
}
