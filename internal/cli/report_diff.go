package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/report/compare"
	"gatehouse/report/history"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

// diffFlags are the flags of gatehouse report diff.
type diffFlags struct {
	stack   string
	history string
	since   string
	outputs []string
	verbose bool
}

func newReportDiffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff A B | diff -s STACK [--since WHEN]",
		Short: "Say what has changed between two runs of the readiness checks",
		Long: `Compare two runs, item by item and finding by finding: what is worse, not
comparable any more, gone, new, changed and better. A and B are results files
(gatehouse check -o json), evidence bundles or the IDs of kept runs. Without them,
the newest kept run of a stack is compared with the one before it, or with the
newest that began before WHEN: so long ago (12h, 7d), or a day (2026-11-01, from
midnight UTC).

What was known and is not any more counts as worse. Exits with 1 when anything is
worse, and with 2 when the runs could not be compared. Formats: text, json,
markdown.`,
		Example: `  gatehouse report diff out/before.json out/staging/readiness.json
  gatehouse report diff staging-20261101T060000Z staging-20261122T060000Z
  gatehouse report diff -s production --since 7d --history s3://audit/readiness`,
		Args: cobra.RangeArgs(0, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.stack, "stack", "s", "", "the environment whose newest run is compared")
	flags.StringVar(&f.history, "history", "", "where runs are kept: a folder or s3://BUCKET/PREFIX (default "+historyVariable+", else .gatehouse/history of the project)")
	flags.StringVar(&f.since, "since", "", "compare with the newest run before this: 12h, 7d or 2026-11-01 (default the run before)")
	flags.StringArrayVarP(&f.outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every change")
	return cmd
}

func (f *diffFlags) run(cmd *cobra.Command, args []string) error {
	formats, err := parseOutputs(f.outputs, render.ComparisonNames())
	if err != nil {
		return err
	}
	for _, read := range args {
		if err := spared(formats, read); err != nil {
			return err
		}
	}
	before, after, err := f.runs(cmd, args, time.Now())
	if err != nil {
		return err
	}
	c := compare.Runs(before, after)
	for _, o := range formats {
		options := render.Options{Verbose: f.verbose, Color: o.file == "" && coloured(cmd.OutOrStdout())}
		if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error { return render.ComparisonFormats[o.format](w, c, options) }); err != nil {
			return err
		}
	}
	if c.Worsened {
		return errFindings
	}
	return nil
}

// runs finds the two runs that were asked for.
func (f *diffFlags) runs(cmd *cobra.Command, args []string, now time.Time) (before, after readiness.Run, err error) {
	switch {
	case len(args) == 1:
		return before, after, errors.New("name two runs, or none and a stack with -s")
	case len(args) == 2 && (f.since != "" || f.stack != ""):
		return before, after, errors.New("-s and --since choose the runs: name none")
	case len(args) == 0 && f.stack == "":
		return before, after, errors.New("name two runs, or a stack with -s")
	case len(args) == 0:
		return f.kept(cmd, now)
	}
	if before, err = f.named(cmd, args[0]); err == nil {
		after, err = f.named(cmd, args[1])
	}
	return before, after, err
}

// named reads a run from a file, or from the history when it is an ID and no
// such file is there.
func (f *diffFlags) named(cmd *cobra.Command, name string) (readiness.Run, error) {
	if _, err := history.ParseID(name); err != nil {
		return readRun(cmd.InOrStdin(), name)
	}
	if _, err := os.Lstat(name); err == nil {
		return readRun(cmd.InOrStdin(), name)
	}
	store, err := openNamedHistory(cmd.Context(), f.history)
	if err != nil {
		return readiness.Run{}, err
	}
	return store.Get(cmd.Context(), name)
}

// kept reads the newest run of the stack, and the one that it is compared with.
func (f *diffFlags) kept(cmd *cobra.Command, now time.Time) (before, after readiness.Run, err error) {
	until, err := parseSince(f.since, now)
	if err != nil {
		return before, after, err
	}
	store, err := openNamedHistory(cmd.Context(), f.history)
	if err != nil {
		return before, after, err
	}
	refs, err := store.List(cmd.Context(), f.stack, time.Time{})
	if err != nil {
		return before, after, err
	}
	if after, refs, err = newest(cmd.Context(), store, refs); err != nil {
		return before, after, fmt.Errorf("find the newest run of %s: %w", f.stack, err)
	}
	for f.since != "" && len(refs) > 0 && !refs[0].Started.Before(until) {
		refs = refs[1:]
	}
	if before, _, err = newest(cmd.Context(), store, refs); err != nil {
		which := "before " + after.ID
		if f.since != "" {
			which = "from before " + until.UTC().Format(time.RFC3339)
		}
		return before, after, fmt.Errorf("find a run of %s %s: %w", f.stack, which, err)
	}
	return before, after, nil
}

// newest reads the first run, and returns those that are left. One that cannot
// be read is an error: another in its stead would be an answer to another
// question.
func newest(ctx context.Context, store history.Store, refs []readiness.Ref) (readiness.Run, []readiness.Ref, error) {
	if len(refs) == 0 {
		return readiness.Run{}, nil, errors.New("none is kept")
	}
	run, err := store.Get(ctx, refs[0].ID)
	return run, refs[1:], err
}

// parseSince is the time that --since names.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	if number, is := strings.CutSuffix(text, "d"); is {
		if days, err := strconv.Atoi(number); err == nil && days >= 0 && days < 100_000 {
			return now.AddDate(0, 0, -days), nil
		}
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	return time.Time{}, fmt.Errorf("--since %q: want how long ago (12h, 7d) or a day (2026-11-01)", text)
}
