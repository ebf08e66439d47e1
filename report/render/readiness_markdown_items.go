package render

import (
	"fmt"
	"strings"

	"gatehouse/report/readiness"
)

func (c *summary) counts(r readiness.Run) {
	row := func(name string, n readiness.Counts, share *int) string {
		cells := []string{name}
		for _, count := range []int{n.Pass, n.Fail, n.Error, n.Unknown, n.Manual, n.NotApplicable, n.Waived, n.Attested} {
			cells = append(cells, fmt.Sprint(count))
		}
		return tableRow(append(cells, percent(share)))
	}
	columns := []string{"Section", "Pass", "Fail", "Error", "Unknown", "Manual", "Not applicable", "Waived", "Attested", "Holds"}
	rows := []string{row("**all**", r.Summary.Counts, r.Summary.Percent)}
	for _, s := range r.Sections {
		rows = append(rows, row(cell(join(" · ", s.Name, s.Guide)), s.Counts, s.Percent))
	}
	c.part("section", countsRoom, "\n#### Counts\n\n"+tableHead(columns), rows, "")
}

// items shows a section: what is open in a table, the others by name.
func (c *summary) items(s section) {
	var rows, held []string
	for _, item := range s.items {
		if item.Open() {
			rows = append(rows, openItem(item))
		} else {
			held = append(held, heldItem(item))
		}
	}
	open := len(rows)
	before := fmt.Sprintf("\n<details><summary>%s: %d of %d open</summary>\n\n", cell(join(" · ", s.Name, s.Guide, percent(s.Percent))), open, len(s.items))
	if open > 0 {
		before += tableHead([]string{"Verdict", "Item", "Severity", "Found", "Expected", "What to do"})
	}
	if len(held) > 0 {
		rows = append(rows, "\n"+strings.Join(held, ", ")+"\n")
	}
	left := c.fill(c.most, before, rows, closing)
	if left > 0 && len(held) > 0 {
		left += len(held) - 1 // they are one row
	}
	c.leave("item", left)
}

func openItem(item readiness.Item) string {
	todo := ""
	if item.Verdict == readiness.Fail {
		todo = cell(item.Remediation)
	}
	return tableRow([]string{
		verdictMark[item.Verdict].mark + " " + cell(string(item.Verdict)), codeCell(item.ID) + " " + cell(item.Title), cell(string(item.Severity)),
		cell(item.Found), cell(item.Expected), todo,
	})
}

// heldItem is an item that nothing is left to do for, with what people have said.
func heldItem(item readiness.Item) string {
	text := verdictMark[item.Verdict].mark + " " + codeCell(item.ID) + " " + cell(item.Title)
	if item.Overlay != nil {
		text += " (" + cell(string(item.Verdict)+", "+statement(item.Overlay)) + ")"
	}
	if item.Vacuous {
		text += " (vacuous)"
	}
	return text
}

// frameworks counts the controls of each standard by their status.
func (c *summary) frameworks(all []readiness.Framework) {
	columns := []string{"Standard"}
	for _, status := range readiness.ControlStatuses {
		columns = append(columns, string(status))
	}
	var rows []string
	for _, f := range all {
		cells := []string{cell(join(" ", f.Name, f.Edition))}
		for _, status := range readiness.ControlStatuses {
			cells = append(cells, fmt.Sprint(f.Counts[status]))
		}
		rows = append(rows, tableRow(cells))
	}
	c.part("standard", tablesRoom, "\n<details><summary>Controls by standard: what the run saw, not that anybody complies</summary>\n\n"+tableHead(columns), rows, closing)
}

func (c *summary) expiring(all []readiness.Expiring) {
	var rows []string
	for _, e := range all {
		rows = append(rows, tableRow([]string{
			codeCell(subject(e)), cell(e.Kind), cell(e.By), cell(e.Expires), left(e), codeCell(e.Remedy),
		}))
	}
	c.part("statement", tablesRoom, "\n#### Ends soon\n\n"+tableHead([]string{"Of", "", "By", "Until", "", "Renew it with"}), rows, "")
}

// sources says how much was read of each system.
func (c *summary) sources(coverage readiness.Coverage) {
	var rows []string
	for _, s := range coverage.Sources {
		problems := s.Problems
		if len(problems) > mostNamed {
			problems = append(append([]string{}, problems[:mostNamed]...), fmt.Sprintf("and %d more", len(s.Problems)-mostNamed))
		}
		rows = append(rows, tableRow([]string{
			cell(s.Source), fmt.Sprint(s.Read), fmt.Sprint(s.Partly), fmt.Sprint(s.NotRead), cell(strings.Join(problems, "; ")),
		}))
	}
	title := fmt.Sprintf("\n<details><summary>Coverage: %s read, %d partly, %d not; %d vacuous</summary>\n\n", queries(coverage.Read), coverage.Partly, coverage.NotRead, len(coverage.Vacuous))
	c.part("source", tablesRoom, title+tableHead([]string{"System", "Read", "Partly", "Not read", "Why"}), rows, closing)
}

// names are IDs in the type of code, the first of them when they are many.
func names(ids []string) string {
	var out []string
	for i, id := range ids {
		if i == mostNamed {
			out = append(out, fmt.Sprintf("and %d more", len(ids)-i))
			break
		}
		out = append(out, codeCell(id))
	}
	return strings.Join(out, ", ")
}
