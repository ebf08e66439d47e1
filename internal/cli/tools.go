package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/internal/toolbox"
)

// newToolsCommand is for the Makefile and scripts.
func newToolsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:    "tools",
		Short:  "Programs that are built from tools/",
		Hidden: true,
	}
	cmd.AddCommand(newToolsBackstageCommand(), &cobra.Command{
		Use:       "path NAME",
		Short:     "Print the path of a tool, building it when it is missing",
		Example:   `  "$(gatehouse tools path golangci-lint)" run`,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: toolbox.Names(),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			path, err := toolbox.Ensure(cmd.Context(), root, args[0], func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	})
	return cmd
}
