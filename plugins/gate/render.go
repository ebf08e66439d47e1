package gate

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// marks are how a verdict looks: a sign, for those who see no colour, and a colour
// (SGR, ECMA-48).
var marks = map[Verdict]struct{ sign, colour string }{
	Pass:              {"✓", "32"},
	Refuse:            {"✗", "31"},
	Unknown:           {"?", "31"},
	AcceptedException: {"!", "33"},
	NotApplicable:     {"-", "2"},
}

const (
	// narrow is the least width that text is broken to.
	narrow = 40
	indent = "    "
)

// Render writes a result as text for people, of at most width columns (80 when it
// is 0), with colour or without. What strangers wrote is shown without control
// characters. Its error is the writer's.
func Render(w io.Writer, r Result, colour bool, width int) error {
	if width == 0 {
		width = 80
	}
	width = max(width, narrow)
	paint := func(code, text string) string {
		if !colour {
			return text
		}
		return "\x1b[" + code + "m" + text + "\x1b[0m"
	}
	var b strings.Builder
	refused, unknown := 0, 0
	for _, s := range r.Steps {
		mark := marks[s.Verdict]
		fmt.Fprintf(&b, "%s %-16s %s\n", paint(mark.colour, mark.sign), s.Name, paint(mark.colour, string(s.Verdict)))
		paragraph(&b, indent, "", s.Reason, width)
		switch s.Verdict {
		case Refuse:
			refused++
		case Unknown:
			unknown++
		}
		if s.Remedy != "" {
			paragraph(&b, indent, "→ ", s.Remedy, width)
		}
	}
	verdict := paint("32", "accepted")
	if !r.Accepted {
		verdict = paint("31", "refused")
	}
	head := fmt.Sprintf("%s@%s: %s", visible(r.Package), visible(r.Version), verdict)
	if !r.Accepted {
		head += fmt.Sprintf(" (steps that refuse: %d, that cannot tell: %d)", refused, unknown)
	}
	_, err := io.WriteString(w, strings.Join(lines(head, width), "\n")+"\n\n"+b.String())
	if err != nil {
		return fmt.Errorf("write the gate's result: %w", err)
	}
	return nil
}

func paragraph(b *strings.Builder, indent, bullet, text string, width int) {
	rest := strings.Repeat(" ", ansi.StringWidth(bullet))
	for i, line := range lines(visible(text), width-len(indent)-len(rest)) {
		if i > 0 {
			bullet = rest
		}
		fmt.Fprintf(b, "%s%s%s\n", indent, bullet, line)
	}
}

// lines breaks a text between words only, so that names and paths can be copied;
// what is longer than a line is cut.
func lines(text string, width int) (all []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && ansi.StringWidth(line)+1+ansi.StringWidth(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			all = append(all, line)
		}
		cut := strings.Split(ansi.Hardwrap(word, width, false), "\n")
		all, line = append(all, cut[:len(cut)-1]...), cut[len(cut)-1]
	}
	return append(all, line)
}

// visible is a text on one line that moves no cursor and hides nothing.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return '�'
		}
		return r
	}, text)
}
