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

// FrameworkFunc writes the view of a run by one standard in one format. The same
// view makes the same bytes.
type FrameworkFunc func(w io.Writer, of readiness.Ref, view readiness.Framework, o Options) error

// FrameworkFormats are all formats of a view by the name that -o takes.
var FrameworkFormats = map[string]FrameworkFunc{
	"csv":      FrameworkCSV,
	"json":     FrameworkJSON,
	"markdown": FrameworkMarkdown,
	"text":     FrameworkText,
}

// FrameworkNames are the names of the formats, sorted.
func FrameworkNames() []string { return slices.Sorted(maps.Keys(FrameworkFormats)) }

// FrameworkJSON writes {"run": {id, environment, started}, "framework": …} with
// the keys of the run's own JSON.
func FrameworkJSON(w io.Writer, of readiness.Ref, view readiness.Framework, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Run       readiness.Ref       `json:"run"`
		Framework readiness.Framework `json:"framework"`
	}{of, view})
}

// mostAgainst is how many items and rules the text names that decided against a
// control, and how many that are undecided, unless all are asked for.
const mostAgainst = 8

// statusMark is how the status of a control is shown beside its words.
var statusMark = map[readiness.ControlStatus]struct {
	mark  string
	style style
}{
	readiness.NotMet: {"✗", bad}, readiness.Accepted: {"!", "33"}, readiness.Undetermined: {"?", "33"},
	readiness.Vacuous: {"○", faint}, readiness.Supported: {"✓", good}, readiness.NotCovered: {"–", faint},
}

// FrameworkText is for people at a terminal: control by control in the
// standard's groups, what is not covered in one line of its group, the sum and
// the scope last.
func FrameworkText(w io.Writer, of readiness.Ref, view readiness.Framework, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	p.paragraph("", heading, line(fmt.Sprintf("%s: what the run %s supports", view.Name, of.ID)))
	p.paragraph("", faint, line(fmt.Sprintf("%s · %s, %s", view.Edition, of.Environment, of.Started.UTC().Format(moment))))
	for _, group := range byFamily(view.Controls) {
		p.blank()
		p.paragraph("", strong, line(group.name))
		for _, control := range group.covered {
			p.control(control, o)
		}
		if len(group.open) > 0 {
			p.hang(statusMark[readiness.NotCovered].mark+" ", faint, "not covered: "+line(strings.Join(group.open, ", ")))
		}
	}
	p.blank()
	p.field("controls", plain, controlLine(view))
	p.field("scope", plain, line(view.Scope))
	_, err := io.WriteString(w, p.String())
	return err
}

// control shows one control that something serves.
func (p *page) control(c readiness.Control, o Options) {
	look, known := statusMark[c.Status]
	if !known {
		look = statusMark[readiness.Undetermined]
	}
	p.hang(look.mark+" ", look.style, line(fmt.Sprintf("%s %s: %s", c.ID, c.Title, words(c.Status))))
	if served := servedBy(c, o.Verbose); served != "" {
		p.paragraph("    ", faint, line(served))
	}
	p.named("    against   ", c.Against, o)
	p.named("    undecided ", c.Undecided, o)
}

// named lists what stands against a control, under one label.
func (p *page) named(label string, names []string, o Options) {
	if len(names) == 0 {
		return
	}
	if !o.Verbose && len(names) > mostAgainst {
		names = append(slices.Clone(names[:mostAgainst]), fmt.Sprintf("and %d more (--verbose)", len(names)-mostAgainst))
	}
	p.hang(label, plain, line(strings.Join(names, ", ")))
}

// servedBy says what looks at a control: its items, and its rules by name when
// all are asked for.
func servedBy(c readiness.Control, all bool) string {
	parts := slices.Clone(c.Items)
	switch {
	case len(c.Rules) == 0:
	case all:
		parts = append(parts, c.Rules...)
	default:
		parts = append(parts, count(len(c.Rules), "rule"))
	}
	return strings.Join(parts, ", ")
}

// family is a group of a standard: the controls that something serves, and the
// IDs of the others.
type family struct {
	name    string
	covered []readiness.Control
	open    []string
}

// byFamily are the controls by their groups, in their order.
func byFamily(controls []readiness.Control) []family {
	var all []family
	at := map[string]int{}
	for _, c := range controls {
		i, seen := at[c.Group]
		if !seen {
			i = len(all)
			at[c.Group] = i
			all = append(all, family{name: c.Group})
		}
		if c.Status == readiness.NotCovered {
			all[i].open = append(all[i].open, c.ID)
		} else {
			all[i].covered = append(all[i].covered, c)
		}
	}
	return all
}

// words are a status as people say it: "not met".
func words(s readiness.ControlStatus) string { return strings.ReplaceAll(string(s), "-", " ") }

// controlLine counts the controls: "46 controls: 2 not met · … · 19 not covered".
func controlLine(view readiness.Framework) string {
	var parts []string
	for _, status := range readiness.ControlStatuses {
		parts = append(parts, fmt.Sprintf("%d %s", view.Counts[status], words(status)))
	}
	return count(len(view.Controls), "control") + ": " + strings.Join(parts, " · ")
}
