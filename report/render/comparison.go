package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gatehouse/report/readiness"
)

// mostChanges is how many changes of one direction the text shows.
const mostChanges = 20

// ComparisonFunc writes a comparison of two runs in one format. The same
// comparison makes the same bytes.
type ComparisonFunc func(w io.Writer, c readiness.Comparison, o Options) error

// ComparisonFormats are all formats of a comparison by the name that -o takes.
var ComparisonFormats = map[string]ComparisonFunc{
	"json":     ComparisonJSON,
	"markdown": ComparisonMarkdown,
	"text":     ComparisonText,
}

// ComparisonNames are the names of the formats, sorted.
func ComparisonNames() []string { return slices.Sorted(maps.Keys(ComparisonFormats)) }

// ComparisonJSON writes the whole comparison.
func ComparisonJSON(w io.Writer, c readiness.Comparison, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(c)
}

// directionMark is how a direction is shown beside its word.
var directionMark = map[readiness.Direction]struct {
	mark  string
	style style
}{
	readiness.Worse: {"✗", bad}, readiness.Incomparable: {"?", bad}, readiness.Gone: {"-", plain},
	readiness.New: {"+", plain}, readiness.Changed: {"~", faint}, readiness.Better: {"✓", good},
}

// ComparisonText is for people at a terminal: the worse first, the sum last.
func ComparisonText(w io.Writer, c readiness.Comparison, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	p.field("before", plain, line(runName(c.Before)))
	p.field("after", plain, line(runName(c.After)))
	for _, direction := range readiness.Directions {
		p.direction(direction, slices.Concat(c.Changes, c.Findings), o)
	}
	p.blank()
	sum := good
	if c.Worsened {
		sum = bad
	}
	p.field("changes", sum, comparisonLine(c))
	_, err := io.WriteString(w, p.String())
	return err
}

// direction lists the changes that went one way, items before findings.
func (p *page) direction(direction readiness.Direction, changes []readiness.Change, o Options) {
	shown := 0
	for i, c := range changes {
		if c.Direction != direction {
			continue
		}
		if shown == 0 {
			p.blank()
			p.paragraph("", heading, string(direction))
		}
		if shown == mostChanges && !o.Verbose {
			p.paragraph("  ", faint, fmt.Sprintf("and %d more (--verbose)", toward(direction, changes[i:])))
			return
		}
		shown++
		p.change(c)
	}
}

func toward(direction readiness.Direction, changes []readiness.Change) int {
	n := 0
	for _, c := range changes {
		if c.Direction == direction {
			n++
		}
	}
	return n
}

func (p *page) change(c readiness.Change) {
	look := directionMark[c.Direction]
	p.hang(look.mark+" ", look.style, line(fmt.Sprintf("%s %s: %s · %s", c.ID, c.Title, transition(c), c.Severity)))
	if c.Resource != "" {
		p.paragraph("    ", faint, line(c.Resource))
	}
	p.paragraph("    ", plain, line(c.Why))
	if len(c.Evidence) > 0 {
		p.paragraph("    ", faint, line("read differently: "+strings.Join(c.Evidence, ", ")))
	}
}

// transition is what a change leads from and to.
func transition(c readiness.Change) string {
	return cmp.Or(c.Before, "nothing") + " → " + cmp.Or(c.After, "nothing")
}

// runName names a run and when it began.
func runName(r readiness.Ref) string {
	return r.ID + ", " + r.Started.UTC().Format(moment)
}

// comparisonLine sums a comparison up: "2 worse · 1 incomparable · … · not better".
func comparisonLine(c readiness.Comparison) string {
	verdict := "nothing is worse"
	if c.Worsened {
		verdict = "worse, or not known any more"
	}
	return fmt.Sprintf("%d worse · %d incomparable · %d gone · %d new · %d changed · %d better · %d the same: %s",
		c.Worse, c.Incomparable, c.Gone, c.New, c.Changed, c.Better, c.Same, verdict)
}

// ComparisonMarkdown is for a comment or a page: the sum, then a table as far as
// there is room.
func ComparisonMarkdown(w io.Writer, c readiness.Comparison, _ Options) error {
	out := &summary{comment: comment{most: mostReadiness}}
	mark := "✅"
	if c.Worsened {
		mark = "❌"
	}
	fmt.Fprintf(out, "### %s Readiness: what has changed\n\n%s\n\n%s\n", mark,
		escape(runName(c.Before)+" → "+runName(c.After)), escape(comparisonLine(c)))
	for _, part := range []struct {
		title, noun string
		room        int
		changes     []readiness.Change
	}{{"Items", "item", tablesRoom, c.Changes}, {"Findings of the policies", "finding", mostReadiness, c.Findings}} {
		var rows []string
		for _, change := range part.changes {
			rows = append(rows, tableRow([]string{
				directionMark[change.Direction].mark + " " + escape(string(change.Direction)), codeCell(change.ID) + " " + cell(change.Title+" "+change.Resource),
				escape(transition(change)), escape(string(change.Severity)), cell(change.Why),
			}))
		}
		before := "\n**" + part.title + "**\n\n| | What | Before → after | Severity | Why |\n| --- | --- | --- | --- | --- |\n"
		out.part(part.noun, part.room, before, rows, "")
	}
	out.note()
	_, err := io.WriteString(w, out.String())
	return err
}
