package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/plugins/status"
)

func newPluginStatusCommand() *cobra.Command {
	var stack, output string
	var inSandbox bool
	cmd := &cobra.Command{
		Use:   "status -s STACK [--sandbox]",
		Short: "Show which plugins the portal has, and how far they are",
		Long: `Show what the installer in the cluster says: which generation of plugins the
portal has, whether Backstage was proved to have loaded it, which was good last,
and why one failed; and what differs from Pulumi.STACK.yaml, or was changed by
hand since. After an installation that failed, the portal is proved to have what
it had before, and so may be what the file wants.

Exit code 0: what the file wants is what is proved. 1: it is not. 2: nobody can
tell.`,
		Example: `  gatehouse plugin status -s staging --sandbox
  gatehouse plugin status -s production -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			document, err := readStack(stack)
			if err != nil {
				return err
			}
			e, err := document.environment(cmd, inSandbox)
			if err != nil {
				return err
			}
			connection, err := e.cluster()
			if err != nil {
				return fmt.Errorf("reach the cluster of %s: %w", stack, err)
			}
			found, err := readStatus(cmd, connection)
			if err != nil {
				return err
			}
			annotated, err := readGenerations(cmd, connection)
			if err != nil {
				return err
			}
			return showStatus(cmd, status.View{Status: found, Differs: differences(found, document.plugins(), annotated)}, output)
		},
	}
	registerReading(cmd, &stack, &inSandbox, &output)
	_ = cmd.MarkFlagRequired("stack")
	return cmd
}

// registerReading registers the flags of commands that only read an environment.
func registerReading(cmd *cobra.Command, stack *string, inSandbox *bool, output *string) {
	flags := cmd.Flags()
	flags.StringVarP(stack, "stack", "s", "", "the environment, e.g. staging")
	flags.BoolVar(inSandbox, "sandbox", false, "the one in the sandbox on this machine")
	flags.StringVarP(output, "output", "o", "text", "text or json")
}

func showStatus(cmd *cobra.Command, found status.View, output string) error {
	write := func() error { return status.Text(cmd.OutOrStdout(), found, helpWidth) }
	if output == "json" {
		write = func() error { return status.JSON(cmd.OutOrStdout(), found) }
	}
	if err := write(); err != nil {
		return err
	}
	if len(found.Differs) > 0 {
		return errFindings
	}
	return nil
}
