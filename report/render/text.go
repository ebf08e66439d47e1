package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gatehouse/report"
	"gatehouse/report/render/visible"
)

// Text is for people at a terminal: what to act on first, the sum last.
func Text(w io.Writer, r report.Result, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	s := apart(r)
	p.paragraph("", heading, line(fmt.Sprintf("%s: %s, %s", r.Source, count(r.Summary.Resources, "resource"), count(r.Summary.Rules, "rule"))))
	for _, g := range groups(s.errors, byRule) {
		p.rule("!", g, o)
	}
	for _, g := range groups(s.denied, byRule) {
		p.rule("✗", g, o)
	}
	p.undecided(s.undecided, o)
	p.waived(s.waived, o)
	p.blank()
	p.names("unmatched", r.Summary.Unmatched, "no resource of their types", o)
	p.names("disabled", r.Summary.Disabled, "off", o)
	style := good
	if r.Summary.Failed {
		style = bad
	}
	p.field("policies", style, Line(r))
	_, err := io.WriteString(w, p.String())
	return err
}

// mostResources is how many resources are named of one rule, unless all are
// asked for: nobody reads a thousand of them, and what to do is the same.
const mostResources = 20

// rule shows what a rule found, and once what to do.
func (p *page) rule(mark string, g group, o Options) {
	f := g.first()
	p.blank()
	style := severityStyle[f.Severity]
	p.hang(mark+" ", style, line(f.Title))
	broken := f.Verdict == report.Error
	about := fmt.Sprintf("%s · %s · %s", f.Severity, f.Level, f.Rule)
	if broken {
		about = "could not be judged · " + about
	}
	p.paragraph("  ", faint, line(about))
	named, more := g.findings, 0
	if !o.Verbose {
		named, more = few(g.findings)
	}
	for _, resource := range groups(named, spotOf) {
		p.blank()
		p.resource(resource.findings)
	}
	if more > 0 {
		p.blank()
		p.paragraph("  ", faint, fmt.Sprintf("… and %s; --verbose names them all", count(more, "more resource")))
	}
	if f.Remediation == "" || broken {
		return
	}
	p.blank()
	for i, b := range visible.Blocks(f.Remediation) {
		switch {
		case b.Code:
			p.code("      ", b.Text)
		case i == 0:
			p.hang("  → ", plain, strings.Join(b.Text, " "))
		default:
			p.paragraph("    ", plain, strings.Join(b.Text, " "))
		}
	}
}

// spot is a resource with its place.
type spot struct {
	resource, file string
	line           int
}

func spotOf(f report.Finding) spot {
	if f.Location == nil || f.Location.File == "" {
		return spot{resource: f.Resource}
	}
	return spot{f.Resource, f.Location.File, max(f.Location.Line, 0)}
}

// few are the findings of the first resources, and how many there are besides.
func few(findings []report.Finding) (named []report.Finding, more int) {
	var first stretch
	var last spot
	seen, count, shown := map[spot]bool{}, 0, false
	sorted := byResource(findings)
	for i := range findings {
		if at := spotOf(findings[i]); i == 0 || at != last {
			if sorted && at.resource != last.resource {
				clear(seen) // those before do not come again
			}
			last = at
			var known bool
			if shown, known = seen[at]; !known {
				shown = count < mostResources
				seen[at] = shown
				count++
			}
		}
		if shown {
			first.add(findings, i)
		}
	}
	return first.findings, max(count-mostResources, 0)
}

// byResource tells whether findings are sorted by their resources.
func byResource(findings []report.Finding) bool {
	for i := 1; i < len(findings); i++ {
		if findings[i].Resource < findings[i-1].Resource {
			return false
		}
	}
	return true
}

// resource shows the findings of one resource: its name with its place at the
// right, and below it what was found.
func (p *page) resource(findings []report.Finding) {
	name, where := line(findings[0].Subject()), line(place(findings[0]))
	space := p.width - 2 - utf8.RuneCountInString(name) - utf8.RuneCountInString(where)
	switch {
	case where == "":
		p.paragraph("  ", strong, name)
	case space >= 2:
		p.put("  " + p.paint(strong, name) + strings.Repeat(" ", space) + p.paint(faint, where))
	default:
		p.paragraph("  ", strong, name)
		p.paragraph("    ", faint, where)
	}
	for _, f := range findings {
		p.paragraph("    ", plain, line(says(f)))
		if f.Diff == "" {
			continue
		}
		for _, l := range lines(f.Diff) {
			style := plain
			switch {
			case strings.HasPrefix(l, "-"):
				style = bad
			case strings.HasPrefix(l, "+"):
				style = good
			}
			p.put("      " + p.paint(style, l))
		}
	}
}

// undecided counts what is not known yet, rule by rule.
func (p *page) undecided(findings []report.Finding, o Options) {
	if len(findings) == 0 {
		return
	}
	p.blank()
	p.hang("? ", heading, "Undecided until values are known")
	for _, g := range groups(findings, byRule) {
		p.counted(g, "")
		p.all(g, o)
	}
}

// waived shows each waiver that covers something, and why.
func (p *page) waived(findings []report.Finding, o Options) {
	if len(findings) == 0 {
		return
	}
	p.blank()
	p.hang("~ ", heading, "Waived")
	for _, g := range groups(findings, waiverOf) {
		w := waiver(g.first())
		p.counted(g, ", "+until(w, o.Now))
		text := line(w.Reason)
		if by := approval(w); by != "" {
			text += " (" + line(by) + ")"
		}
		p.paragraph("       ", faint, text)
		p.all(g, o)
	}
}

// counted is one line for a group: how many resources, which rule.
func (p *page) counted(g group, rest string) {
	f := g.first()
	p.hang(fmt.Sprintf("%5d  ", resources(g.findings)), plain, line(fmt.Sprintf("%s (%s)%s", f.Title, f.Rule, rest)))
}

// all lists a group's findings, when everything is asked for.
func (p *page) all(g group, o Options) {
	if !o.Verbose {
		return
	}
	for _, f := range g.findings {
		p.paragraph("       ", plain, line(join("  ", f.Subject(), place(f))))
		p.paragraph("         ", faint, line(says(f)))
	}
}

// names lists rules of which nothing else is said: in one line, or all of them.
func (p *page) names(label string, ids []string, what string, o Options) {
	if len(ids) == 0 {
		return
	}
	text := fmt.Sprintf("%s, %s: ", count(len(ids), "rule"), what)
	if !o.Verbose {
		text += some(ids, p.width-labelWidth-len(text))
	} else {
		text += strings.Join(ids, ", ")
	}
	p.field(label, faint, line(text))
}

// some lists as many names as fit into width, and how many there are besides.
func some(names []string, width int) string {
	for shown := len(names); shown > 1; shown-- {
		text := strings.Join(names[:shown], ", ")
		if shown < len(names) {
			text += fmt.Sprintf(", %d more", len(names)-shown)
		}
		if len(text) <= width {
			return text
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s, %d more", names[0], len(names)-1)
}
