package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/plugins/trail"
)

// historyFlags are what `plugin history` is told.
type historyFlags struct {
	stack, output, trail, head string
	sandbox, verify            bool
}

func newPluginHistoryCommand() *cobra.Command {
	var f historyFlags
	cmd := &cobra.Command{
		Use:   "history [NAME] [-s STACK | --trail REF]",
		Short: "Show the audit trail of the plugins",
		Long: `Show who did what to which plugin, when, why and with what result. --verify
checks the whole chain of records: what was changed, removed, repeated or put in
another order shows; and what was cut off at the end, by the head that the
cluster keeps. Records that cannot be read are always told.

Exit code 1: something is wrong with the trail. 2: it cannot be read.`,
		Example: `  gatehouse plugin history -s staging --verify
  gatehouse plugin history @backstage/plugin-catalog-backend -s staging
  gatehouse plugin history --trail s3://example-audit/plugin-trail --verify`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return f.run(cmd, name)
		},
	}
	registerReading(cmd, &f.stack, &f.sandbox, &f.output)
	flags := cmd.Flags()
	flags.StringVar(&f.trail, "trail", "", "the trail: s3://BUCKET/PREFIX or a folder (default: the stack's)")
	flags.BoolVar(&f.verify, "verify", false, "check the chain of records")
	flags.StringVar(&f.head, "head", "", "with --verify: a head that was kept, SEQUENCE:HASH (default: the cluster's)")
	return cmd
}

func (f *historyFlags) run(cmd *cobra.Command, name string) error {
	if f.output != "text" && f.output != "json" {
		return fmt.Errorf("unknown output %q: text or json", f.output)
	}
	if f.stack == "" && f.trail == "" {
		return errors.New("which trail? name a stack with -s, or the trail with --trail")
	}
	if f.sandbox && f.stack == "" {
		return errSandboxOfNone
	}
	if f.head != "" && !f.verify {
		return errors.New("--head is what the trail is held against: add --verify")
	}
	var e *pluginEnvironment
	var err error
	if f.stack != "" {
		if e, err = openEnvironment(cmd, f.stack, f.sandbox); err != nil {
			return err
		}
	}
	log, err := e.trail(cmd, f.trail)
	if err != nil {
		return err
	}
	known, err := f.known(cmd, e)
	if err != nil {
		return err
	}
	return f.show(cmd, log, name, known)
}

// known are the heads that were kept outside of the trail.
func (f *historyFlags) known(cmd *cobra.Command, e *pluginEnvironment) ([]trail.Head, error) {
	switch {
	case !f.verify:
		return nil, nil
	case f.head != "":
		head, err := trail.ParseHead(f.head)
		if err != nil {
			return nil, fmt.Errorf("--head: %w", err)
		}
		return []trail.Head{head}, nil
	case e == nil:
		fmt.Fprintln(cmd.ErrOrStderr(), "no head is known: records that are gone from the end would not show (-s or --head)")
		return nil, nil
	}
	found, err := e.status(cmd)
	if err != nil {
		return nil, fmt.Errorf("read the head that the cluster keeps: %w", err)
	}
	return []trail.Head{found.TrailHead}, nil
}

func (f *historyFlags) show(cmd *cobra.Command, log trail.Log, name string, known []trail.Head) error {
	read := trail.Load
	if f.verify {
		read = func(ctx context.Context, log trail.Log) ([]trail.Record, []trail.Problem, error) {
			return trail.Inspect(ctx, log, known...)
		}
	}
	records, problems, err := read(cmd.Context(), log)
	if err != nil {
		return fmt.Errorf("read the audit trail %s: %w", log, err)
	}
	history := trail.NewHistory(records, problems)
	if name != "" {
		history = history.Of(name)
	}
	write := trail.Text
	if f.output == "json" {
		write = trail.JSON
	}
	if err := write(cmd.OutOrStdout(), history); err != nil {
		return err
	}
	if len(problems) > 0 {
		return errFindings
	}
	return nil
}
