package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/sandbox/front/portal"
)

// newSandboxPortalCommand is what `sandbox up` starts as the portal.
func newSandboxPortalCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:     "portal",
		Short:   "Be the portal of a sandbox, until a signal comes",
		Example: `  gatehouse sandbox portal --config .gatehouse/staging/sandbox/servers/portal/portal.json`,
		Hidden:  true,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := portal.ReadConfig(file)
			if err != nil {
				return err
			}
			err = portal.Run(cmd.Context(), config)
			if cmd.Context().Err() == nil {
				return err
			}
			return nil // asked to end
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the portal's configuration (required)")
	_ = cmd.MarkFlagRequired("config")
	return cmd
}
