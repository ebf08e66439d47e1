package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

func newPolicyBaselineCommand() *cobra.Command {
	var in policyInput
	var w report.Waiver
	var days int
	cmd := &cobra.Command{
		Use:   "baseline [-s STACK [--sandbox] | --state FILE | --manifests PATH] --approver NAME --ticket KEY",
		Short: "Waive what an existing environment breaks today",
		Long: `Add a waiver to waivers.yaml for each resource that breaks a rule now, so that
from here on only what is new stops anybody. The waivers expire together.`,
		Example: `  gatehouse policy baseline -s production --approver "Ada Okafor" --ticket OPS-812
  gatehouse policy baseline --state state.json --approver "Ada Okafor" --ticket OPS-812 --days 30`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			result, p, err := in.judge(cmd, report.Low)
			if err != nil {
				return err
			}
			w.Expires = time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
			if result.Environment != "" {
				w.Environments = []string{result.Environment}
			}
			found := baseline(result.Findings, w)
			err = extend(p.Root, waivers.FileName, "waivers", func(content []byte) ([]byte, error) {
				return waivers.Append(content, found)
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d waivers added to %s; they expire on %s\n", len(found), waivers.FileName, w.Expires)
			return nil
		},
	}
	in.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&w.Reason, "reason", "was there before the policies were", "why the risk is accepted")
	flags.StringVar(&w.Approver, "approver", "", "who approves it (required)")
	flags.StringVar(&w.Ticket, "ticket", "", "where it was approved (required)")
	flags.IntVar(&days, "days", 90, "how many days the waivers hold")
	_ = cmd.MarkFlagRequired("approver")
	_ = cmd.MarkFlagRequired("ticket")
	return cmd
}

// baseline makes a waiver like w for each rule and resource that is denied.
func baseline(findings []report.Finding, w report.Waiver) []report.Waiver {
	var all []report.Waiver
	seen := map[[2]string]bool{}
	for _, f := range findings {
		key := [2]string{f.Rule, f.Subject()}
		if f.Waived || f.Verdict != report.Deny || f.Type == "" || seen[key] {
			continue
		}
		seen[key] = true
		w.Rule, w.Resource = key[0], key[1]
		all = append(all, w)
	}
	return all
}
