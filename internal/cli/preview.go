package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
)

func newPreviewCommand() *cobra.Command {
	var f operationFlags
	cmd := &cobra.Command{
		Use:   "preview -s STACK [--sandbox]",
		Short: "Show what up would change",
		Long:  `Plan an environment and show what would change. Nothing is changed.`,
		Example: `  gatehouse preview -s staging --sandbox
  gatehouse preview -s staging --sandbox --layer network -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, engine.Preview) },
	}
	f.register(cmd, engine.Preview)
	return cmd
}
