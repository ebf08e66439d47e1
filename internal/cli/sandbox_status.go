package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gatehouse/sandbox"
)

func newSandboxStatusCommand() *cobra.Command {
	var stack, output string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how each part of the sandbox is",
		Long:  `Ask every part of the sandbox how it is. Exit code 1 when one is down.`,
		Example: `  gatehouse sandbox status
  gatehouse sandbox status -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			status, err := sandboxStatus(cmd.Context(), stack)
			if err != nil {
				return err
			}
			if output == "json" {
				err = writeJSON(cmd.OutOrStdout(), status)
			} else {
				err = writeSandboxStatus(cmd.OutOrStdout(), status)
			}
			if err == nil && !status.Ready() {
				warnUnlessWhole(cmd.ErrOrStderr(), status)
				return errFindings
			}
			return err
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	sandboxOf(cmd, &stack)
	return cmd
}

func writeSandboxStatus(out io.Writer, status sandbox.Status) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PART\tPID\tPORT\tSTATE")
	for _, part := range status.Parts {
		state := "ready"
		switch {
		case !part.Alive:
			state = "down"
		case !part.Healthy:
			state = "not ready: " + part.Problem
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", part.Name, part.PID, part.Port, state)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the status: %w", err)
	}
	if status.Ready() {
		fmt.Fprintf(out, "\n%s\npretended: %s\nprocesses of pods: %d\n",
			sandboxLine(status), strings.Join(status.Kubernetes.Pretended, ", "), status.Kubernetes.Processes)
	}
	return nil
}
