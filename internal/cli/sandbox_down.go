package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
	"gatehouse/sandbox"
)

func newSandboxDownCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "End every process of the sandbox and remove its data",
		Long: `End every process of the sandbox and remove its data, with Pulumi's state of the
environments in it. It is safe to repeat. Built tools stay in the cache.`,
		Example: `  gatehouse sandbox down`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			if err := sandbox.Open(root).Down(cmd.Context()); err != nil {
				return err
			}
			if err := engine.Forget(root); err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "the sandbox is down")
			return nil
		},
	}
}
