package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/policies/pack"
	"gatehouse/policies/project"
	"gatehouse/report"
	"gatehouse/report/waivers"
)

func newWaiveCommand() *cobra.Command {
	var w report.Waiver
	cmd := &cobra.Command{
		Use:   "waive RULE|ITEM --reason TEXT --approver NAME --ticket KEY --expires DATE",
		Short: "Add an approved exception to waivers.yaml",
		Long: `Add an approved exception to waivers.yaml: from a policy rule, for the resources
that --resource names, or from an item of the readiness checklist. One for the
same thing and the same environments that expires before it is taken out.`,
		Example: `  gatehouse waive aws-rds-multi-az \
    --resource 'aws:rds/instance:Instance::gatehouse-staging-*' -s staging \
    --reason "staging may be away for an hour" --approver "Ada Okafor" \
    --ticket OPS-812 --expires 2027-06-30
  gatehouse waive NET-5 -s staging --reason "the office reaches the API server" \
    --approver "Ada Okafor" --ticket OPS-813 --expires 2027-06-30`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := loadPolicies()
			if err != nil {
				return err
			}
			w.Rule = args[0]
			if err := waivable(p, &w); err != nil {
				return err
			}
			if err := lastDay(w.Expires, time.Now()); err != nil {
				return err
			}
			var replaced *report.Waiver
			err = extend(p.Root, waivers.FileName, "waivers", func(content []byte) (out []byte, err error) {
				out, replaced, err = waivers.Renew(content, w)
				return out, err
			})
			if err != nil {
				return err
			}
			instead := ""
			if replaced != nil {
				instead = ", in place of the waiver until " + replaced.Expires
			}
			fmt.Fprintf(cmd.OutOrStdout(), "waived %s for %s until %s, in %s%s\n", w.Rule, w.Resource, w.Expires, waivers.FileName, instead)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&w.Resource, "resource", "", "TYPE::NAME, where * stands for anything (required for a rule)")
	flags.StringVar(&w.Reason, "reason", "", "why the risk is accepted (required)")
	flags.StringVar(&w.Approver, "approver", "", "who approved it (required)")
	flags.StringVar(&w.Ticket, "ticket", "", "where it was approved (required)")
	flags.StringVar(&w.Expires, "expires", "", "the last day on which it holds (required)")
	flags.StringSliceVarP(&w.Environments, "stack", "s", nil, "the environments that it holds for (default all)")
	for _, name := range []string{"reason", "approver", "ticket", "expires"} {
		_ = cmd.MarkFlagRequired(name)
	}
	return cmd
}

// waivable refuses a waiver of what does not exist. One of an item is for the
// whole of it.
func waivable(p project.Project, w *report.Waiver) error {
	if report.IsItem(w.Rule) {
		if w.Resource == "" {
			w.Resource = "*"
		}
		_, err := selectItems("all", []string{w.Rule})
		return err
	}
	if w.Resource == "" {
		return fmt.Errorf("--resource is missing: for which resources does the waiver of %s hold? TYPE::NAME", w.Rule)
	}
	_, err := p.Pack.Resolve(pack.Settings{w.Rule: {}})
	return err
}
