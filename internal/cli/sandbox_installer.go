package cli

import (
	"os"

	"github.com/spf13/cobra"

	"gatehouse/plugins/installer"
)

// newSandboxInstallerCommand is what runs for a pod of the plugin installer: the same
// program as in its image, so that a sandbox needs no second one.
func newSandboxInstallerCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "installer -- COMMAND",
		Short:   "Be the plugin installer of a pod",
		Example: `  gatehouse sandbox installer -- stage`,
		Hidden:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			world := installer.World{Getenv: os.Getenv, Out: cmd.OutOrStdout(), Err: cmd.ErrOrStderr()}
			if code := installer.Main(cmd.Context(), args, world); code != exitOK {
				return exitStatus(code)
			}
			return nil
		},
	}
}
