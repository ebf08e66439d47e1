package cli

import "github.com/spf13/cobra"

func newReportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Show, compare and verify kept runs of the readiness checks",
		Example: `  gatehouse report render out/staging/readiness.json -o html=report.html
  gatehouse report diff -s staging --since 7d
  gatehouse report verify out/staging/evidence.tar`,
	}
	cmd.AddCommand(
		newReportRenderCommand(), newReportDiffCommand(), newReportHistoryCommand(), newReportVerifyCommand(),
		newReportKeygenCommand(), newReportFrameworkCommand(),
	)
	return cmd
}
