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
and why one failed. Exit code 1 when the newest generation is not proved.`,
		Example: `  gatehouse plugin status -s staging --sandbox
  gatehouse plugin status -s production -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			e, err := openEnvironment(cmd, stack, inSandbox)
			if err != nil {
				return err
			}
			found, err := e.status(cmd)
			if err != nil {
				return err
			}
			return showStatus(cmd, found, output)
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

func showStatus(cmd *cobra.Command, found status.Status, output string) error {
	write := func() error { return status.Text(cmd.OutOrStdout(), found, helpWidth) }
	if output == "json" {
		write = func() error { return status.JSON(cmd.OutOrStdout(), found) }
	}
	if err := write(); err != nil {
		return err
	}
	if found.Phase != "" && found.Phase != status.Proved {
		return errFindings
	}
	return nil
}
