package cli

import (
	"github.com/spf13/cobra"
)

func newSandboxUpCommand() *cobra.Command {
	var stack string
	var flags sandboxFlags
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the sandbox, or mend it",
		Long: `Start what is not running of the sandbox and wait until all of it is ready. What runs
stays. Programs that are missing are built first, once on this machine. Data, web and
monitoring servers that are not installed are left out and named.`,
		Example: `  gatehouse sandbox up
  gatehouse sandbox up --aws-endpoint http://127.0.0.1:4566`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			_, err = bringUpSandbox(cmd.Context(), root, stack, flags, cmd.ErrOrStderr())
			return err
		},
	}
	cmd.Flags().StringVar(&flags.awsEndpoint, "aws-endpoint", "", "use another AWS emulator, which you run; its address must be a loopback one")
	cmd.Flags().BoolVar(&flags.withoutData, "without-data", false, "leave out data, web and monitoring servers")
	cmd.Flags().BoolVar(&flags.sentinel, "sentinel", false, "run Redis with sentinels, not as a cluster")
	cmd.Flags().BoolVar(&flags.withoutBackstage, "without-backstage", false, "have Backstage's pods pretend, though it is installed")
	sandboxOf(cmd, &stack)
	return cmd
}
