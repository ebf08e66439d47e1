package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
	"gatehouse/stacks/config/edit"
)

func newPluginRollbackCommand() *cobra.Command {
	var f changeFlags
	var to, from string
	cmd := &cobra.Command{
		Use:   "rollback -s STACK [--to GENERATION]",
		Short: "Go back to plugins that were proved before",
		Long: `Make portal.plugins.packages of Pulumi.STACK.yaml what it was for the last
generation that Backstage was proved to run with, or for an earlier one, and run
what 'gatehouse up' runs. The portal itself goes back without this when an
installation fails; this is for plugins that load and do harm all the same.

Versions come from the audit trail. What it does not keep stays as the file has
it: strategies, app-config and what is accepted.`,
		Example: `  gatehouse plugin rollback -s staging
  gatehouse plugin rollback -s staging --to 12-0f3ac1d2 --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			change, err := newPluginChange(&f, "roll back")
			if err != nil {
				return err
			}
			e, err := change.environment(cmd, f.operation.sandbox)
			if err != nil {
				return err
			}
			found, err := e.status(cmd)
			if err != nil {
				return err
			}
			log, err := e.trail(cmd, from)
			if err != nil {
				return err
			}
			return rollback(cmd, change, found, log, to)
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&to, "to", "", "the generation to go back to (default: the last good one before)")
	cmd.Flags().StringVar(&from, "trail", "", "the audit trail: s3://BUCKET/PREFIX or a folder (default: the stack's)")
	return cmd
}

// rollback goes back by a trail that nobody has tampered with.
func rollback(cmd *cobra.Command, change *pluginChange, found status.Status, log trail.Log, to string) error {
	records, problems, err := trail.Inspect(cmd.Context(), log, found.TrailHead)
	if err != nil {
		return fmt.Errorf("%s: read the audit trail %s: %w", change.what, log, err)
	}
	if !trail.Whole(problems) {
		return fmt.Errorf("%s: the audit trail is not to be trusted: %s; gatehouse plugin history --verify shows all", change.what, problems[0])
	}
	set, err := chooseSet(found, provedSets(records), to, change.plugins())
	if err != nil {
		return fmt.Errorf("%s: %w", change.what, err)
	}
	if stranger := set.stranger(records); stranger != "" {
		return fmt.Errorf("%s: generation %s has %s, which the audit trail has never seen verified: the status of the plugins was changed by hand; take an earlier one with --to", change.what, set.generation, stranger)
	}
	list, returned := set.over(change.plugins())
	change.what = "roll back to generation " + set.generation
	change.reason = cmp.Or(change.reason, change.what)
	if len(returned) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s return: what was accepted for them is not kept anywhere; the gate judges them anew\n", strings.Join(returned, ", "))
	}
	changed, err := edit.Replace(change.content, list)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", change.what, change.name, err)
	}
	if err := change.run(cmd, changed); err != nil {
		return err
	}
	return change.proved(cmd, "the plugins are those of generation "+set.generation)
}
