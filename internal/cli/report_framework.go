package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gatehouse/report/frameworks"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

// usualResults is where the sandbox's job leaves the results of its run.
const usualResults = "out/staging/readiness.json"

func newReportFrameworkCommand() *cobra.Command {
	var outputs []string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "framework NAME [FILE]",
		Short: "Show a run by the controls of an audit standard",
		Long: `Show what a run supports of SOC 2, ISO 27001, NIST 800-53 or CIS EKS: control by
control, which items and rules look at it, which of them decided against it, and
which controls nothing looks at. FILE is what gatehouse check has written with
-o json, or an evidence bundle; without it, ` + usualResults + `.

A view is evidence for an audit. It never says that an organisation complies.
Formats: text, markdown, csv, json.`,
		Example: `  gatehouse report framework soc2
  gatehouse report framework 'NIST 800-53' out/production/readiness.json -o csv=nist.csv
  gatehouse report framework iso out/staging/evidence.tar -v`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			formats, err := parseOutputs(outputs, render.FrameworkNames())
			if err != nil {
				return err
			}
			standard, err := frameworks.Find(args[0])
			if err != nil {
				return err
			}
			file := append(args, usualResults)[1]
			if err := spared(formats, file); err != nil {
				return err
			}
			run, err := readRun(cmd.InOrStdin(), file)
			if err != nil {
				return err
			}
			view := viewOf(run, standard.Name)
			of := readiness.Ref{ID: run.ID, Environment: run.Environment, Started: run.Started}
			options := render.Options{Verbose: verbose}
			for _, o := range formats {
				options.Color = o.file == "" && coloured(cmd.OutOrStdout())
				if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error {
					return render.FrameworkFormats[o.format](w, of, view, options)
				}); err != nil {
					return fmt.Errorf("show %s: %w", standard.Name, err)
				}
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			var names []cobra.Completion
			for _, c := range frameworks.Catalogues() {
				names = append(names, c.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringArrayVarP(&outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "name every rule")
	return cmd
}

// viewOf is the run's own view by a standard. A run from before there were views
// has none: it is made from its items and findings.
func viewOf(run readiness.Run, name string) readiness.Framework {
	named := func(f readiness.Framework) bool { return f.Name == name }
	if !slices.ContainsFunc(run.Frameworks, named) {
		frameworks.Apply(&run)
	}
	return run.Frameworks[slices.IndexFunc(run.Frameworks, named)]
}
