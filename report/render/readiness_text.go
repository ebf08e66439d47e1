package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"gatehouse/report/readiness"
)

// mostFailures is how many subjects of one judgement the text names.
const mostFailures = 5

// verdictMark is how a verdict is shown beside its word.
var verdictMark = map[readiness.Verdict]struct {
	mark  string
	style style
}{
	readiness.Pass: {"✓", good}, readiness.Fail: {"✗", bad}, readiness.Error: {"!", bad},
	readiness.Unknown: {"?", "33"}, readiness.Manual: {"☐", plain}, readiness.NotApplicable: {"–", faint},
}

// ReadinessText is for people at a terminal: section by section, what is open in
// full, what is not in one line, the sum last.
func ReadinessText(w io.Writer, r readiness.Run, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	p.paragraph("", heading, line(fmt.Sprintf("readiness of %s, %s", r.Environment, r.Started.Format("2006-01-02 15:04 MST"))))
	for _, section := range bySection(r) {
		p.section(section, o)
	}
	p.blank()
	p.sum(r, o)
	_, err := io.WriteString(w, p.String())
	return err
}

// ReadinessSummary is the end of the text alone: how many, and what stands in the
// way.
func ReadinessSummary(w io.Writer, r readiness.Run, o Options) error {
	p := &page{width: max(40, cmp.Or(o.Width, 80)), color: o.Color}
	p.sum(r, o)
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *page) section(s section, o Options) {
	p.blank()
	p.paragraph("", strong, line(join(" · ", s.Name, s.Guide, percent(s.Percent))))
	closed := map[ending][]string{}
	for _, item := range s.items {
		if !o.Verbose && !item.Open() {
			closed[closedBy(item)] = append(closed[closedBy(item)], item.ID)
			continue
		}
		p.item(item, o)
	}
	for _, c := range endings {
		if ids := closed[c]; len(ids) > 0 {
			look := verdictMark[c.as]
			p.hang(look.mark+" ", look.style, line(strings.Join(ids, ", ")+c.why))
		}
	}
}

// item shows one item: its head, and what decided when it is open.
func (p *page) item(item readiness.Item, o Options) {
	look := verdictMark[item.Verdict]
	about := fmt.Sprintf("%s %s: %s · %s", item.ID, item.Title, item.Verdict, item.Severity)
	if item.Overlay != nil {
		about += " · " + statement(item.Overlay)
	}
	p.hang(look.mark+" ", look.style, line(about))
	if !item.Open() {
		p.paragraph("    ", faint, line(item.Found))
		return
	}
	said := map[string]bool{}
	for _, part := range item.Judgements {
		quiet := part.Verdict == readiness.Pass || part.Verdict == readiness.NotApplicable
		if quiet || part.Verdict != readiness.Fail && said[part.Found] {
			continue // several checkers may lack the same evidence
		}
		said[part.Found] = true
		p.judgement(part, o)
	}
	if item.Verdict == readiness.Fail && item.Remediation != "" {
		p.hang("    → ", plain, line(item.Remediation))
	}
}

func (p *page) judgement(part readiness.Judgement, o Options) {
	if part.Verdict != readiness.Fail {
		p.paragraph("    ", plain, line(part.Found))
		return
	}
	p.hang("    expected  ", plain, line(part.Expected))
	for i, failure := range part.Failures {
		if i == mostFailures && !o.Verbose {
			p.hang("    found     ", plain, fmt.Sprintf("and %d more (--verbose)", len(part.Failures)-i))
			break
		}
		p.hang("    found     ", plain, line(failure.Where+": "+failure.Found))
		if failure.Remedy != "" {
			p.hang("              → ", plain, line(failure.Remedy))
		}
	}
}
