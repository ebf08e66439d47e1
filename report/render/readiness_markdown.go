package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/report/readiness"
)

const (
	// mostReadiness is how long the Markdown gets: GitHub takes 65,536 characters
	// of a comment, and leaves room for what a workflow adds.
	mostReadiness = 60000
	// stepsRoom to tablesRoom are where the first parts end at the
	// latest, so that there is room for the items.
	stepsRoom, changesRoom, countsRoom, tablesRoom = 12000, 18000, 26000, 38000
	// mostNext is how many steps stand there openly.
	mostNext = 10
)

// closing ends what a details element holds.
const closing = "\n</details>\n"

// ReadinessMarkdown writes a comment for a pull request, or a page of a wiki. Its
// first line is a marker that stays the same for an environment, so that the
// comment can be found again and replaced.
func ReadinessMarkdown(w io.Writer, r readiness.Run, _ Options) error {
	c := &summary{comment: comment{most: mostReadiness}}
	c.head(r)
	c.steps(r)
	c.changes(r.Comparison)
	c.counts(r)
	c.expiring(r.Expiring)
	c.frameworks(r.Frameworks)
	c.sources(r.Coverage)
	for _, s := range bySection(r) {
		c.items(s)
	}
	c.note()
	_, err := io.WriteString(w, c.String())
	return err
}

// summary is the Markdown of a readiness run.
type summary struct {
	comment
	left []leftOut
}

// leftOut is what there was no room for.
type leftOut struct {
	noun string
	n    int
}

// part writes what there is room for, and remembers what there is none for.
func (c *summary) part(noun string, room int, before string, items []string, after string) {
	c.leave(noun, c.fill(room, before, items, after))
}

func (c *summary) leave(noun string, n int) {
	at := slices.IndexFunc(c.left, func(l leftOut) bool { return l.noun == noun })
	switch {
	case n == 0:
	case at < 0:
		c.left = append(c.left, leftOut{noun, n})
	default:
		c.left[at].n += n
	}
}

// note says what was left out.
func (c *summary) note() {
	var parts []string
	for _, l := range c.left {
		parts = append(parts, count(l.n, l.noun))
	}
	if len(parts) > 0 {
		fmt.Fprintf(c, "\n_Left out for want of room: %s. The other formats of this run show all._\n", strings.Join(parts, ", "))
	}
}

func (c *summary) head(r readiness.Run) {
	mark := "❌"
	switch {
	case r.Summary.Ready:
		mark = "✅"
	case !r.Summary.Failed:
		mark = "⚠️"
	}
	fmt.Fprintf(c, "<!-- gatehouse:readiness:%s -->\n### %s %s\n\n", shorten(environment(r.Environment), 100), mark, cell(r.Summary.Headline))
	fmt.Fprintf(c, "%s · %s · %.1f s · %s\n", escape(r.Started.UTC().Format(moment)), escape(counted(r)), r.Seconds, codeCell(r.ID))
	if r.Sandbox {
		c.WriteString("\nThis is a sandbox: what its stand-ins only pretend proves nothing of a real account.\n")
	}
	if r.Interrupted {
		c.WriteString("\n**" + interrupted + "**\n")
	}
}

func (c *summary) steps(r readiness.Run) {
	items := make([]string, len(r.Next))
	for i, step := range r.Next {
		items[i] = fmt.Sprintf("%d. %s: %s", i+1, join(" ", "**"+cell(step.Kind)+"**", names(step.Items), "("+cell(string(step.Severity))+")"), cell(step.What))
		if step.Do != "" {
			items[i] += " → " + cell(step.Do)
		}
		items[i] += "\n"
	}
	first := min(len(items), mostNext)
	c.part("step", stepsRoom, "\n#### What next\n\n", items[:first], "")
	c.part("step", stepsRoom, fmt.Sprintf("\n<details><summary>%s</summary>\n\n", count(len(items)-first, "more step")), items[first:], closing)
}

func (c *summary) changes(change *readiness.Comparison) {
	if change == nil {
		return
	}
	var parts []string
	for _, d := range directions(change) {
		parts = append(parts, fmt.Sprintf("%d %s", d.n, d.Direction))
	}
	parts = append(parts, fmt.Sprintf("%d the same", change.Same))
	fmt.Fprintf(c, "\n#### Since %s\n\n%s\n", escape(change.Before.Started.UTC().Format(moment)), strings.Join(parts, " · "))
	var rows []string
	for _, list := range [][]readiness.Change{change.Changes, change.Findings} {
		for _, one := range list {
			rows = append(rows, tableRow([]string{
				cell(string(one.Direction)), codeCell(one.ID) + " " + cell(join(" ", one.Title, one.Resource)), cell(one.Before), cell(one.After), cell(one.Why),
			}))
		}
	}
	c.part("change", changesRoom, "\n<details><summary>What has changed</summary>\n\n"+tableHead([]string{"", "Item", "Before", "Now", "Why"}), rows, closing)
}
