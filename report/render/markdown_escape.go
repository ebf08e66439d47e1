package render

import (
	"fmt"
	"regexp"
	"strings"

	"gatehouse/report/render/visible"
)

// special is what means something in Markdown, in a table of it or in HTML.
// (What means something only where a line begins does no harm there.)
func special(more ...string) *strings.Replacer {
	for _, r := range "\\`*_[]<>&|~$\"" {
		more = append(more, string(r), fmt.Sprintf("&#%d;", r))
	}
	return strings.NewReplacer(more...)
}

var (
	inCode = special()
	// A character that takes no room parts the sign from the name, so that
	// GitHub calls nobody and links no issue.
	inText = special("@", "@&#8203;", "#", "#&#8203;")
)

// escape makes a text one line that means nothing but itself.
func escape(text string) string { return inText.Replace(line(text)) }

// code is a text in the type of code.
func code(text string) string {
	return "<code>" + inCode.Replace(line(text)) + "</code>"
}

// fence is lines of code, which may hold fences.
func fence(language string, text []string) string {
	mark := "```"
	for _, l := range text {
		for strings.Contains(l, mark) {
			mark += "`"
		}
	}
	return mark + language + "\n" + strings.Join(text, "\n") + "\n" + mark
}

// markdownBlocks is a remediation: its paragraphs and its code.
func markdownBlocks(text string) string {
	var out []string
	for _, b := range visible.Blocks(text) {
		if b.Code {
			out = append(out, fence("", b.Text))
		} else {
			out = append(out, escape(strings.Join(b.Text, " ")))
		}
	}
	return strings.Join(out, "\n\n")
}

var odd = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// environment is the environment's name in names made from it; what is of no
// environment are manifests.
func environment(name string) string {
	if name == "" {
		return "manifests"
	}
	return odd.ReplaceAllString(name, "-")
}
