package cli

import (
	"github.com/spf13/cobra"
)

func newSandboxUpCommand() *cobra.Command {
	var stack, awsEndpoint string
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the sandbox, or mend it",
		Long: `Start what is not running of the sandbox and wait until all of it is ready. What runs
stays. Programs that are missing are built first, once on this machine.`,
		Example: `  gatehouse sandbox up
  gatehouse sandbox up --aws-endpoint http://127.0.0.1:4566`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			_, err = bringUpSandbox(cmd.Context(), root, stack, awsEndpoint, cmd.ErrOrStderr())
			return err
		},
	}
	cmd.Flags().StringVar(&awsEndpoint, "aws-endpoint", "", "use another AWS emulator, which you run; its address must be a loopback one")
	sandboxOf(cmd, &stack)
	return cmd
}
