package trail

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	// width is that of a plain terminal, in characters.
	width = 80
	// margin is what stands before the lines below a record's first.
	margin = "        "
)

// Text writes the history for people, at most 80 columns wide: the records in their
// order, then what is wrong, then the head.
func Text(w io.Writer, h History) error {
	var out strings.Builder
	for _, r := range h.Records {
		lines(&out, fmt.Sprintf("%6d  ", r.Sequence), headline(r))
		for _, line := range details(r) {
			lines(&out, margin, line)
		}
	}
	if len(h.Records) == 0 {
		out.WriteString("No records.\n")
	}
	switch {
	case len(h.Problems) > 0:
		fmt.Fprintf(&out, "\nThis audit trail is not whole (%d):\n", len(h.Problems))
		for _, p := range h.Problems {
			lines(&out, "  ", p.String())
		}
	case h.Head != Head{}:
		out.WriteString("\nThe chain is whole up to its head. A head kept elsewhere shows whether its end\nwas cut off.\n")
	}
	if h.Head != (Head{}) {
		lines(&out, "Head: ", h.Head.String())
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func headline(r Record) string {
	text := r.Time.UTC().Format("2006-01-02 15:04:05Z ") + string(r.Action)
	if r.Plugin != nil {
		text += " " + r.Plugin.String()
	}
	return text + ": " + string(r.Outcome)
}

// details are the lines below the first: who and why, what exactly, what the gate
// said, and what was not kept.
func details(r Record) []string {
	who := "by " + r.Actor
	if r.Reason != "" {
		who += ": " + r.Reason
	}
	all := []string{who}
	if r.Generation != "" {
		all = append(all, "generation "+r.Generation)
	}
	if !r.Integrity.IsZero() {
		all = append(all, r.Integrity.String())
	}
	if r.Gate != nil {
		all = append(all, gateLine(*r.Gate))
	}
	for _, e := range r.Exceptions {
		all = append(all, "accepted without "+e.Step+": "+e.Reason)
	}
	return all
}

// gateLine has the steps by verdict, in the order in which verdicts first come.
func gateLine(g Gate) string {
	var verdicts []string
	steps := map[string][]string{}
	for _, s := range g.Steps {
		if steps[s.Verdict] == nil {
			verdicts = append(verdicts, s.Verdict)
		}
		steps[s.Verdict] = append(steps[s.Verdict], s.Name)
	}
	parts := []string{"gate " + g.Digest.String()[:12]}
	for _, v := range verdicts {
		parts = append(parts, v+" "+strings.Join(steps[v], ", "))
	}
	return strings.Join(parts, "; ")
}

// lines writes text in lines behind a first margin, whose width the others leave
// free. What breaks a line in a stranger's text does not break ours; a word that is
// longer than a line is broken.
func lines(out *strings.Builder, first, text string) {
	room := width - utf8.RuneCountInString(first)
	indent := strings.Repeat(" ", width-room)
	margin, line := first, []rune(nil)
	for _, word := range strings.Fields(text) {
		rest := []rune(word)
		switch {
		case len(line) == 0:
		case len(line)+1+len(rest) > room:
			out.WriteString(margin + string(line) + "\n")
			margin, line = indent, nil
		default:
			line = append(line, ' ')
		}
		for line = append(line, rest...); len(line) > room; line = line[room:] {
			out.WriteString(margin + string(line[:room]) + "\n")
			margin = indent
		}
	}
	out.WriteString(margin + string(line) + "\n")
}
