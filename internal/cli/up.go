package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
)

func newUpCommand() *cobra.Command {
	var f operationFlags
	cmd := &cobra.Command{
		Use:   "up -s STACK [--sandbox]",
		Short: "Bring an environment up, or up to date",
		Long:  `Plan an environment and carry the plan out: the same program that 'pulumi up' runs.`,
		Example: `  gatehouse up -s staging --sandbox
  gatehouse up -s production --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.explain = f.withReason
			return f.run(cmd, engine.Up)
		},
	}
	f.register(cmd, engine.Up)
	return cmd
}
