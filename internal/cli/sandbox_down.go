package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
	"gatehouse/sandbox"
)

func newSandboxDownCommand() *cobra.Command {
	var stack string
	cmd := &cobra.Command{
		Use:   "down",
		Short: "End every process of the sandboxes and remove their data",
		Long: `End every process of the project's sandboxes, or of one environment's, and remove
their data, with Pulumi's state of what was in them. It is safe to repeat. Built tools
stay in the cache.`,
		Example: `  gatehouse sandbox down
  gatehouse sandbox down -s production`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			environments := []string{stack}
			if stack == "" {
				if environments, err = sandbox.Environments(root); err != nil {
					return err
				}
			}
			for _, environment := range environments {
				if err := sandbox.Open(root, environment).Down(cmd.Context()); err != nil {
					return err
				}
				if err := engine.Forget(root, environment); err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "the sandbox of %s is down\n", environment)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "only this environment's (default: all)")
	return cmd
}
