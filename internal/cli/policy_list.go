package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/report"
)

func newPolicyListCommand() *cobra.Command {
	var stack, format string
	cmd := &cobra.Command{
		Use:   "list [-s STACK]",
		Short: "List the rules, with their level in an environment",
		Example: `  gatehouse policy list
  gatehouse policy list -s production -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			outputs, err := parseOutputs([]string{format}, []string{"text", "json"})
			if err != nil {
				return err
			}
			p, err := loadPolicies()
			if err != nil {
				return err
			}
			e, err := p.Evaluator(stack)
			if err != nil {
				return err
			}
			rules := []report.Rule{}
			for _, rule := range p.Pack.Rules {
				rule.Level = e.Level(rule.ID)
				rules = append(rules, rule.Rule)
			}
			return outputs[0].write(cmd.OutOrStdout(), func(w io.Writer) error {
				if format == "json" {
					return writeJSON(w, rules)
				}
				return writeRules(w, rules)
			})
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "the environment whose levels to show")
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text or json")
	return cmd
}

// writeRules shows a rule on two lines.
func writeRules(w io.Writer, rules []report.Rule) error {
	count := map[report.Level]int{}
	for _, rule := range rules {
		count[rule.Level]++
		fmt.Fprintf(w, "%s\n  %s %s · %s\n", rule.ID, rule.Severity, rule.Level, rule.Title)
	}
	var counts []string
	for _, level := range []report.Level{report.Mandatory, report.Remediate, report.Advisory, report.Disabled} {
		if count[level] > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", count[level], level))
		}
	}
	_, err := fmt.Fprintf(w, "%d rules: %s\n", len(rules), strings.Join(counts, ", "))
	return err
}
