package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/policies/pack"
	"gatehouse/report"
	"gatehouse/report/waivers"
)

func newWaiveCommand() *cobra.Command {
	var w report.Waiver
	cmd := &cobra.Command{
		Use:   "waive RULE --resource PATTERN --reason TEXT --approver NAME --ticket KEY --expires DATE",
		Short: "Add an approved exception to waivers.yaml",
		Example: `  gatehouse waive aws-rds-multi-az \
    --resource 'aws:rds/instance:Instance::gatehouse-staging-*' -s staging \
    --reason "staging may be away for an hour" --approver "Ada Okafor" \
    --ticket OPS-812 --expires 2027-06-30`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := loadPolicies()
			if err != nil {
				return err
			}
			w.Rule = args[0]
			if _, err := p.Pack.Resolve(pack.Settings{w.Rule: {}}); err != nil {
				return err
			}
			if _, err := time.Parse(time.DateOnly, w.Expires); err != nil {
				return fmt.Errorf("--expires %s: expected a day like 2027-06-30", w.Expires)
			}
			if err := addWaivers(p, []report.Waiver{w}); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "waived %s for %s until %s, in %s\n", w.Rule, w.Resource, w.Expires, waivers.FileName)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&w.Resource, "resource", "", "TYPE::NAME, where * stands for anything (required)")
	flags.StringVar(&w.Reason, "reason", "", "why the risk is accepted (required)")
	flags.StringVar(&w.Approver, "approver", "", "who approved it (required)")
	flags.StringVar(&w.Ticket, "ticket", "", "where it was approved (required)")
	flags.StringVar(&w.Expires, "expires", "", "the last day on which it holds (required)")
	flags.StringSliceVarP(&w.Environments, "stack", "s", nil, "the environments that it holds for (default all)")
	for _, name := range []string{"resource", "reason", "approver", "ticket", "expires"} {
		_ = cmd.MarkFlagRequired(name)
	}
	return cmd
}
