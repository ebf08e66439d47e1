package render

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"gatehouse/report/readiness"
)

// FrameworkMarkdown writes a page: a table a group, what is not covered below
// it, and the scope.
func FrameworkMarkdown(w io.Writer, of readiness.Ref, view readiness.Framework, _ Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: what the run %s supports\n\n", escape(view.Name), escape(of.ID))
	fmt.Fprintf(&b, "%s · %s, %s\n\n%s\n\n%s\n", escape(view.Edition), escape(of.Environment), of.Started.UTC().Format(moment),
		escape(controlLine(view)), escape(view.Scope))
	for _, group := range byFamily(view.Controls) {
		fmt.Fprintf(&b, "\n## %s\n", escape(group.name))
		if len(group.covered) > 0 {
			b.WriteString("\n| Control | Status | Looked at by | Against | Undecided |\n| --- | --- | --- | --- | --- |\n")
		}
		for _, c := range group.covered {
			fmt.Fprintf(&b, "| %s %s | %s | %s | %s | %s |\n", escape(c.ID), escape(c.Title), escape(words(c.Status)),
				escape(servedBy(c, false)), escape(strings.Join(c.Against, ", ")), escape(strings.Join(c.Undecided, ", ")))
		}
		if len(group.open) > 0 {
			fmt.Fprintf(&b, "\nNot covered: %s\n", escape(strings.Join(group.open, ", ")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// FrameworkCSV writes a row a control, as [ReadinessCSV] does a row an item.
func FrameworkCSV(w io.Writer, of readiness.Ref, view readiness.Framework, _ Options) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"run", "standard", "edition", "group", "control", "title", "status", "items", "rules", "against", "undecided"}); err != nil {
		return err
	}
	for _, c := range view.Controls {
		row := []string{
			of.ID, view.Name, view.Edition, c.Group, c.ID, c.Title, string(c.Status),
			strings.Join(c.Items, "; "), strings.Join(c.Rules, "; "), strings.Join(c.Against, "; "), strings.Join(c.Undecided, "; "),
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
