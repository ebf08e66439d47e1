package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gatehouse/report/compare"
	"gatehouse/report/history"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

func newReportHistoryCommand() *cobra.Command {
	var stack, kept string
	var most int
	var outputs []string
	cmd := &cobra.Command{
		Use:   "history [-s STACK]",
		Short: "List the kept runs of the readiness checks",
		Long: `List the runs that gatehouse check has kept, newest first, with what they counted.
A run that cannot be read is named on standard error, and the others are listed;
the exit code is 2 then. Formats: text, json.`,
		Example: `  gatehouse report history -s staging
  gatehouse report history -s production --history s3://audit/readiness -n 100 -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			formats, err := parseOutputs(outputs, render.RunsNames())
			if err != nil {
				return err
			}
			if most < 1 {
				return fmt.Errorf("--number %d: list 1 run or more", most)
			}
			store, err := openNamedHistory(cmd.Context(), kept)
			if err != nil {
				return err
			}
			runs, problems := history.Recent(cmd.Context(), store, stack, most)
			var points []readiness.Point
			for _, run := range runs {
				points = append(points, compare.Point(run))
			}
			for _, o := range formats {
				options := render.Options{Color: o.file == "" && coloured(cmd.OutOrStdout())}
				if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error { return render.RunsFormats[o.format](w, points, options) }); err != nil {
					return err
				}
			}
			return unread(cmd, problems)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&stack, "stack", "s", "", "the environment (default all)")
	flags.StringVar(&kept, "history", "", "where runs are kept: a folder or s3://BUCKET/PREFIX (default "+historyVariable+", else .gatehouse/history of the project)")
	flags.IntVarP(&most, "number", "n", 20, "list at most so many runs")
	flags.StringArrayVarP(&outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	return cmd
}

// unread names the runs that could not be read; its error only counts them.
func unread(cmd *cobra.Command, problems []error) error {
	for _, problem := range problems {
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: %v\n", problem)
	}
	if n := len(problems); n > 0 {
		return fmt.Errorf("%d of what the history keeps could not be read", n)
	}
	return nil
}
