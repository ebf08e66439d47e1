package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/checks/load"
	"gatehouse/internal/toolbox"
)

func newCheckLoadCommand() *cobra.Command {
	var f checkFlags
	var o load.Options
	cmd := &cobra.Command{
		Use:   "load -s STACK [--sandbox]",
		Short: "Test the portal under load with k6, for the checks to judge",
		Long: `Let users in numbers ask the portal's pages and API by a k6 script with thresholds,
and leave the summary in out/STACK/k6-summary.json, where the checks of CODE-5,
APP-4 and PROC-8 find it. The guide asks for 100 users over 5 minutes; a shorter
run says that it was one. It puts load on a live system: choose the hour.`,
		Example: `  gatehouse check load -s staging --sandbox --duration 30s --vus 20
  gatehouse check load -s production --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			env, err := f.find(cmd)
			if err != nil {
				return err
			}
			if env.targets.Web == nil {
				return fmt.Errorf("test the portal under load: %s", env.targets.Missing["web"])
			}
			if !f.operation.sandbox && !f.operation.yes {
				will := fmt.Sprintf("put %d users for %s on %s", o.VUs, o.Duration, env.targets.Web.Portal)
				if err := ask(cmd, "a load test", will, env.targets.Environment); err != nil {
					return err
				}
			}
			notice := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
			root, err := projectRoot()
			if err != nil {
				return err
			}
			k6, err := toolbox.Ensure(cmd.Context(), root, toolbox.LoadTester, notice)
			if err != nil {
				return err
			}
			o.Folder = filepath.Join(root, "out", env.targets.Environment)
			notice(fmt.Sprintf("%-11s %d users for %s", "load", o.VUs, o.Duration))
			summary, err := load.Run(cmd.Context(), k6, *env.targets.Web, o)
			if summary != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "%-11s %s\n", "load", summary)
			}
			if errors.Is(err, load.ErrCrossed) {
				fmt.Fprintf(cmd.ErrOrStderr(), "%v\n", err)
				return errFindings
			}
			return err
		},
	}
	f.operation.registerTarget(cmd.Flags())
	flags := cmd.Flags()
	flags.StringVar(&f.targets, "targets", "", "where the systems are (default targets.yaml, if it is there)")
	flags.IntVar(&o.VUs, "vus", 100, "users at once")
	flags.DurationVar(&o.Duration, "duration", 5*time.Minute, "how long")
	flags.BoolVar(&f.operation.yes, "yes", false, "do not ask")
	return cmd
}
