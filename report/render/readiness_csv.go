package render

import (
	"encoding/csv"
	"io"
	"strings"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// csvColumns are the names in the first row.
var csvColumns = []string{
	"id", "guide", "section", "title", "severity", "phase", "layer", "verdict", "overlay", "by", "expires",
	"expected", "found", "remediation", "evidence", "frameworks",
}

// ReadinessCSV writes a row an item, as RFC 4180 has it (UTF-8, lines end with
// CRLF). A cell that a spreadsheet would take for a formula begins with an
// apostrophe.
func ReadinessCSV(w io.Writer, r readiness.Run, _ Options) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	for _, item := range r.Items {
		var o readiness.Overlay
		if item.Overlay != nil {
			o = *item.Overlay
		}
		row := []string{
			item.ID, item.Guide, item.Section, item.Title, string(item.Severity), string(item.Phase), item.Layer, string(item.Verdict),
			o.Kind, o.By, o.Expires, item.Expected, item.Found, item.Remediation,
			strings.Join(item.Evidence, "; "), strings.Join(requirements(item.Frameworks), "; "),
		}
		for i, text := range row {
			row[i] = harmless(line(text))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// requirements are the names of what an item serves: "SOC 2 CC6.1".
func requirements(frameworks []report.Framework) []string {
	out := make([]string, len(frameworks))
	for i, f := range frameworks {
		out[i] = f.Name + " " + f.Requirement
	}
	return out
}

// harmless keeps a spreadsheet from calculating what it should show (OWASP, CSV
// injection). Some take the wide forms of the signs too.
func harmless(text string) string {
	if strings.IndexAny(text, "=+-@\t\r＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
