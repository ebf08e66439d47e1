package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
)

func newRefreshCommand() *cobra.Command {
	var f operationFlags
	cmd := &cobra.Command{
		Use:   "refresh -s STACK [--sandbox]",
		Short: "Look for drift between the state and the world",
		Long: `Compare the state with what really exists, name every resource and property that
differs, and take it into the state, so that the next up mends it. Exit code 1 when
something differs.`,
		Example: `  gatehouse refresh -s staging --sandbox
  gatehouse refresh -s production --yes -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, engine.Refresh) },
	}
	f.register(cmd, engine.Refresh)
	return cmd
}
