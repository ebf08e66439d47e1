package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/report"
)

const (
	// mostMarkdown is how long GitHub lets a comment be. Bytes are counted, of
	// which there are at least as many as characters.
	mostMarkdown = 65536
	// notesRoom is kept free for the notes of what is left out.
	notesRoom = 1500
	// tableRoom is what the denials may take, so that there is room to say what
	// to do about them.
	tableRoom = 40000
	// mostCell is how many characters of a text a cell shows.
	mostCell = 300
	// mostNamed is how many resources of a rule are named, or show what would
	// change.
	mostNamed = 5
)

// Markdown writes a comment for a pull request. Its first line is a marker that
// stays the same for an environment, so that the comment can be found again and
// replaced.
func Markdown(w io.Writer, r report.Result, o Options) error {
	s := apart(r)
	c := &comment{most: mostMarkdown}
	c.head(r, s)
	failing := slices.Concat(s.errors, s.denied)
	c.section("denials", tableRoom, "\n| Severity | Rule | Resource | Found | Where |\n| --- | --- | --- | --- | --- |\n", denials(failing), "")
	c.section("explanations of rules", mostMarkdown, "\n", explanations(r, s.denied), "")
	c.details("undecided", fmt.Sprintf("%d undecided until values are known", len(s.undecided)),
		[]string{"Rule", "Resources"}, groups(s.undecided, byRule), func(g group) []string {
			return []string{named(g.first()), subjects(g)}
		})
	c.details("waivers", fmt.Sprintf("%d waived", len(s.waived)),
		[]string{"Rule", "Resources", "Reason", "Approved", "Until"}, groups(s.waived, waiverOf), func(g group) []string {
			w := waiver(g.first())
			return []string{named(g.first()), subjects(g), cell(w.Reason), cell(approval(w)), cell(strings.TrimPrefix(until(w, o.Now), "until "))}
		})
	c.names("found no resource of their types", r.Summary.Unmatched)
	c.names("off", r.Summary.Disabled)
	_, err := io.WriteString(w, c.String())
	return err
}

// comment is Markdown of at most so many bytes.
type comment struct {
	strings.Builder
	most int
}

// head is what is always there: the marker, the verdict and the sums.
func (c *comment) head(r report.Result, s sections) {
	verdict := "✅ Policies: passed"
	if r.Summary.Failed {
		verdict = "❌ Policies: failed"
	}
	fmt.Fprintf(c, "<!-- gatehouse-policies:%s -->\n### %s\n\n%s · %s\n", shorten(environment(r.Environment), 100), verdict, cell(r.Source), escape(Line(r)))
	if len(r.Findings) == 0 {
		return
	}
	c.WriteString("\n| |")
	for _, severity := range report.Severities {
		fmt.Fprintf(c, " %s |", severity)
	}
	c.WriteString("\n| --- | --: | --: | --: | --: |\n")
	for _, row := range []struct {
		name     string
		findings []report.Finding
	}{{"could not be judged", s.errors}, {"denied", s.denied}, {"undecided", s.undecided}, {"waived", s.waived}} {
		if len(row.findings) == 0 {
			continue
		}
		fmt.Fprintf(c, "| %s |", row.name)
		for _, severity := range report.Severities {
			n := 0
			for _, f := range row.findings {
				if f.Severity == severity {
					n++
				}
			}
			fmt.Fprintf(c, " %d |", n)
		}
		c.WriteString("\n")
	}
}

// section writes items as long as there is room, and then how many are left
// out. It writes nothing where there are none.
func (c *comment) section(what string, room int, before string, items []string, after string) {
	if left := c.fill(room, before, items, after); left > 0 {
		fmt.Fprintf(c, "\n_Left out for want of room: %d %s. The job's log and the SARIF results show all._\n", left, what)
	}
}

// fill writes items as long as there is room, and says how many are left out. It
// writes nothing where there are none.
func (c *comment) fill(room int, before string, items []string, after string) (left int) {
	if len(items) == 0 {
		return 0
	}
	room = min(room, c.most-notesRoom) - len(after)
	shown := 0
	if c.Len()+len(before)+len(items[0]) <= room {
		c.WriteString(before)
		for shown < len(items) && c.Len()+len(items[shown]) <= room {
			c.WriteString(items[shown])
			shown++
		}
		c.WriteString(after)
	}
	return len(items) - shown
}

// details is a table that is closed until somebody opens it.
func (c *comment) details(what, summary string, columns []string, groups []group, row func(group) []string) {
	before := "\n<details><summary>" + summary + "</summary>\n\n" + tableHead(columns)
	items := make([]string, len(groups))
	for i, g := range groups {
		items[i] = tableRow(row(g))
	}
	c.section(what, c.most, before, items, "\n</details>\n")
}

// names lists rules of which nothing else is said.
func (c *comment) names(what string, ids []string) {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = "- " + code(id) + "\n"
	}
	c.section("rules", c.most, fmt.Sprintf("\n<details><summary>%s: %s</summary>\n\n", count(len(ids), "rule"), what), items, "\n</details>\n")
}

// explanations say of each rule why it is there, what to do, and what setting
// the safe values would change.
func explanations(r report.Result, findings []report.Finding) []string {
	why := map[string]string{}
	for _, rule := range r.Rules {
		why[rule.ID] = rule.Description
	}
	var out []string
	for _, g := range groups(findings, byRule) {
		f := g.first()
		var diff []string
		shown := 0
		for _, f := range g.findings {
			if f.Diff != "" && shown < mostNamed {
				shown++
				diff = append(append(diff, "# "+line(f.Subject())), lines(f.Diff)...)
			}
		}
		if len(diff) > 0 {
			diff = []string{fence("diff", diff)}
		}
		body := join("\n\n", append([]string{escape(why[f.Rule]), markdownBlocks(f.Remediation)}, diff...)...)
		if body == "" {
			continue
		}
		out = append(out, fmt.Sprintf("<details><summary>%s: %s (%s)</summary>\n\n%s\n\n</details>\n",
			f.Severity, cell(f.Title), count(resources(g.findings), "resource"), body))
	}
	return out
}

// denials are rows of the table.
func denials(findings []report.Finding) []string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = tableRow(denial(f))
	}
	return out
}

func denial(f report.Finding) []string {
	found := cell(f.Message)
	if f.Path != "" {
		found = codeCell(f.Path) + ": " + found
	}
	where := ""
	if at := place(f); at != "" {
		where = codeCell(at)
	}
	severity := string(f.Severity)
	if f.Verdict == report.Error {
		severity = "error"
	}
	return []string{severity, named(f), codeCell(f.Subject()), found, where}
}

// named is a rule with its ID.
func named(f report.Finding) string { return cell(f.Title) + " " + codeCell(f.Rule) }

// subjects are the resources of a group, the first of them by name.
func subjects(g group) string {
	all := groups(g.findings, func(f report.Finding) string { return f.Resource })
	var names []string
	for i, r := range all {
		if i == mostNamed {
			names = append(names, fmt.Sprintf("and %d more", len(all)-i))
			break
		}
		names = append(names, codeCell(r.first().Subject()))
	}
	return strings.Join(names, ", ")
}

func cell(text string) string     { return escape(shorten(line(text), mostCell)) }
func codeCell(text string) string { return code(shorten(line(text), mostCell)) }

// tableHead is the first rows of a table.
func tableHead(columns []string) string {
	return tableRow(columns) + strings.Repeat("| --- ", len(columns)) + "|\n"
}

func tableRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
