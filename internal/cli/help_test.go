package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// TestHelpShowsAnExampleAndFits holds every command's help to a terminal of 80
// columns.
func TestHelpShowsAnExampleAndFits(t *testing.T) {
	seen := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.Name() == "help" {
			return
		}
		for _, child := range cmd.Commands() {
			walk(child)
		}
		seen++
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			var out bytes.Buffer
			cmd.SetOut(&out)
			require.NoError(t, cmd.Help())
			require.NotEmpty(t, cmd.Example)
			for line := range strings.Lines(out.String()) {
				// What is typed stands on one line.
				typed := strings.Contains(cmd.Example, strings.TrimSuffix(line, "\n")) || strings.HasPrefix(line, "  "+cmd.CommandPath()+" ")
				long := utf8.RuneCountInString(strings.TrimRight(line, "\n")) > helpWidth
				require.False(t, long && !typed, line)
			}
		})
	}
	walk(newRootCommand())
	require.Greater(t, seen, 30)
}
