package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"gatehouse/policies"
	"gatehouse/policies/cases"
	"gatehouse/policies/pack"
)

// leastCoverage is the share of lines, in per cent, that cases must reach.
const leastCoverage = 95

func newPolicyTestCommand() *cobra.Command {
	var format, rule, rules string
	cmd := &cobra.Command{
		Use:   "test [--rules FOLDER] [--rule PREFIX]",
		Short: "Run the cases of the rules, with coverage",
		Long: `Judge the cases that lie beside each rule: they pass, fail, are undecided, or
come near to failing. Then every value of every case is made unknown in turn,
which must never turn a denial into a pass, nor a pass into a denial.`,
		Example: `  gatehouse policy test
  gatehouse policy test --rule aws-rds
  gatehouse policy test --rules policies/rules`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			outputs, err := parseOutputs([]string{format}, []string{"text", "json"})
			if err != nil {
				return err
			}
			files := policies.Rules()
			if rules != "" {
				if _, err := os.Stat(rules); err != nil {
					return fmt.Errorf("read the rules: %w", err)
				}
				files = os.DirFS(rules)
			}
			run, err := testRules(cmd, files, rule)
			if err != nil {
				return err
			}
			err = outputs[0].write(cmd.OutOrStdout(), func(w io.Writer) error {
				if format == "json" {
					return writeJSON(w, run)
				}
				return writeCases(w, run)
			})
			if err == nil && (len(run.Problems) > 0 || run.Coverage < leastCoverage) {
				return errFindings
			}
			return err
		},
	}
	cmd.Flags().StringVar(&rule, "rule", "", "only rules whose ID begins so")
	cmd.Flags().StringVar(&rules, "rules", "", "a folder of rules, instead of those built in")
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text or json")
	return cmd
}

func testRules(cmd *cobra.Command, files fs.FS, prefix string) (cases.Run, error) {
	p, err := pack.Load(files)
	if err != nil {
		return cases.Run{}, err
	}
	if err := p.Compile(); err != nil {
		return cases.Run{}, err
	}
	run, err := cases.Test(cmd.Context(), p, files, prefix)
	if err == nil && run.Rules == 0 {
		err = fmt.Errorf("test the rules: none begins with %q; `gatehouse policy list` names them", prefix)
	}
	return run, err
}

func writeCases(w io.Writer, run cases.Run) error {
	for _, p := range run.Problems {
		where := fmt.Sprintf("%s:%d", p.File, p.Line)
		if p.Line == 0 {
			where = p.File
		}
		fmt.Fprintf(w, "%s\n  %s\n  %s\n", where, p.Case, p.Message)
	}
	for _, line := range run.Uncovered {
		fmt.Fprintf(w, "%s\n  no case reaches this line\n", line)
	}
	_, err := fmt.Fprintf(w, "%d rules · %d cases · %d wrong · %.1f %% of the lines reached (%d wanted)\n",
		run.Rules, run.Cases, len(run.Problems), run.Coverage, leastCoverage)
	return err
}
