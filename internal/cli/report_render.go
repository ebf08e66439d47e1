package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/report/render"
)

func newReportRenderCommand() *cobra.Command {
	var outputs []string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "render FILE",
		Short: "Show the results of a run in other formats",
		Long: `Read what gatehouse check has written with -o json, or an evidence bundle, and
show it in other formats. Nothing is judged anew: what the run said stands. Of a
bundle, only the report is read; gatehouse report verify proves it.`,
		Example: `  gatehouse report render out/staging/readiness.json -o html=report.html
  gatehouse report render out/staging/evidence.tar -o oscal=assessment-results.json
  gatehouse report render - -o markdown < readiness.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			formats, err := parseOutputs(outputs, render.ReadinessNames())
			if err != nil {
				return err
			}
			if err := spared(formats, args[0]); err != nil {
				return err
			}
			run, err := readRun(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			options := render.Options{Now: time.Now(), Verbose: verbose}
			for _, o := range formats {
				options.Color = o.file == "" && coloured(cmd.OutOrStdout())
				if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error {
					return render.ReadinessFormats[o.format](w, run, options)
				}); err != nil {
					return fmt.Errorf("render %s: %w", args[0], err)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVarP(&outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "show every item and every subject")
	return cmd
}
