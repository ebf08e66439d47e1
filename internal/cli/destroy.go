package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
)

func newDestroyCommand() *cobra.Command {
	var f operationFlags
	cmd := &cobra.Command{
		Use:   "destroy -s STACK [--sandbox]",
		Short: "Delete an environment",
		Long: `Delete everything of an environment, in the right order. Protected resources (data
stores, keys, buckets) are refused unless --unprotect asks for them.`,
		Example: `  gatehouse destroy -s staging --sandbox
  gatehouse destroy -s staging --sandbox --unprotect --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, engine.Destroy) },
	}
	f.register(cmd, engine.Destroy)
	return cmd
}
