package render

import (
	"fmt"
	"strings"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// mostSteps is how many steps the text names, unless all are asked for.
const mostSteps = 5

// moment is how the text tells a time.
const moment = "2006-01-02 15:04 MST"

// sum is the end of the text: how many items hold, what has changed, how much was
// read, what ends soon, and what to do next.
func (p *page) sum(r readiness.Run, o Options) {
	style := good
	if r.Summary.Failed {
		style = bad
	}
	p.field("readiness", style, fmt.Sprintf("%s · %.1f s", counted(r), r.Seconds))
	if r.Interrupted {
		p.field("", bad, interrupted)
	}
	p.since(r.Comparison, o)
	p.coverage(r.Coverage, o)
	p.expiring(r.Expiring, o)
	p.next(r, o)
}

// listed names things, as many as fit on a line unless all are asked for.
func (p *page) listed(names []string, o Options) string {
	if o.Verbose || len(names) == 0 {
		return strings.Join(names, ", ")
	}
	return some(names, p.width-2*labelWidth)
}

// since is what has changed since the run before.
func (p *page) since(c *readiness.Comparison, o Options) {
	if c == nil {
		return
	}
	style, parts := plain, []string{}
	if c.Worsened {
		style = bad
	}
	for _, d := range directions(c) {
		parts = append(parts, fmt.Sprintf("%d %s", d.n, d.Direction))
	}
	if len(parts) == 0 {
		parts = []string{"every verdict is the same"}
	}
	p.field("since", style, line(c.Before.Started.UTC().Format(moment)+": "+strings.Join(parts, " · ")))
	for _, d := range readiness.Directions {
		if names := changed(c, d); len(names) > 0 {
			label := string(d)
			if d == readiness.Changed {
				label = "on other evidence"
			}
			p.field("", plain, line(label+": "+p.listed(names, o)))
		}
	}
}

// coverage is how much was read, and what holds only because nothing was there.
func (p *page) coverage(c readiness.Coverage, o Options) {
	if c.Read+c.Partly+c.NotRead == 0 {
		return
	}
	p.field("coverage", plain, fmt.Sprintf("%s read · %d partly · %d not read", queries(c.Read), c.Partly, c.NotRead))
	if len(c.Vacuous) > 0 {
		p.field("", plain, line("vacuous, as nothing was there to look at: "+p.listed(c.Vacuous, o)))
	}
}

func queries(n int) string {
	if n == 1 {
		return "1 query"
	}
	return fmt.Sprintf("%d queries", n)
}

// expiring are the statements that end soon.
func (p *page) expiring(all []readiness.Expiring, o Options) {
	label := "expiring"
	for i, e := range all {
		if i == mostSteps && !o.Verbose {
			p.field("", plain, fmt.Sprintf("and %d more (--verbose)", len(all)-i))
			break
		}
		p.field(label, severityStyle[report.Medium], line(fmt.Sprintf("%s %s by %s until %s: %s", subject(e), e.Kind, e.By, e.Expires, left(e))))
		label = ""
	}
}

// next says what stands in the way, and what to do about it.
func (p *page) next(r readiness.Run, o Options) {
	label := "not ready"
	if r.Summary.Ready {
		p.field("ready", good, "nothing is open")
		label = "next"
	} else if len(r.Next) == 0 {
		p.field(label, bad, line(r.Summary.Headline))
	}
	for i, step := range r.Next {
		if i == mostSteps && !o.Verbose {
			p.field("", plain, count(len(r.Next)-i, "more step")+" (--verbose)")
			break
		}
		style := plain
		if step.Kind == readiness.Fix {
			style = bad
		}
		items := p.listed(step.Items, o)
		if step.Kind == readiness.Renew {
			items = "" // what ends names them
		}
		p.field(label, style, line(join(" ", items, step.What)))
		if step.Do != "" {
			p.hang(strings.Repeat(" ", labelWidth)+"→ ", plain, line(step.Do))
		}
		label = ""
	}
}
