package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// helpWidth is how many columns help takes.
const helpWidth = 80

// fit makes the help of a command, and of all below it, fit a terminal.
func fit(cmd *cobra.Command) {
	cmd.Long = reflow(cmd.Long)
	for _, child := range cmd.Commands() {
		fit(child)
	}
}

// reflow breaks the lines of paragraphs anew; one that is indented or has a
// colon at a line's end is a list or a table, and stays.
func reflow(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(paragraph, "\n ") && !strings.Contains(paragraph, ":\n") {
			paragraphs[i] = ansi.Wordwrap(strings.ReplaceAll(paragraph, "\n", " "), helpWidth, "")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
