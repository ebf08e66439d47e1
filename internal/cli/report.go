package cli

import "github.com/spf13/cobra"

func newReportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Show, compare and verify kept runs of the readiness checks",
	}
	cmd.AddCommand(
		newReportRenderCommand(), newReportDiffCommand(), newReportHistoryCommand(), newReportVerifyCommand(),
		newReportKeygenCommand(), newReportFrameworkCommand(),
	)
	return cmd
}
