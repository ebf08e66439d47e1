package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/bundle/kms"
	"gatehouse/report/commits"
	"gatehouse/report/compare"
	"gatehouse/report/expiring"
	"gatehouse/report/frameworks"
	"gatehouse/report/history"
	"gatehouse/report/history/s3"
	"gatehouse/report/metrics"
	"gatehouse/report/readiness"
	"gatehouse/report/waivers"
)

// remembered is how many earlier runs a report looks back on.
const remembered = 30

// complete derives what a run's verdicts alone do not tell: the views by
// standard, what has changed since the runs before, and what ends soon. store is
// nil when the run stands alone.
func complete(cmd *cobra.Command, run *readiness.Run, env checked, store history.Store, least report.Severity) {
	run.Versions = append([]readiness.Version{{Name: "gatehouse", Version: version()}}, run.Versions...)
	run.Deployed = env.inventory
	run.Expiring = expiring.Of(env.attestations, env.waivers, run.Environment, run.Started)
	if env.folder != "" {
		ctx, cancel := limited(cmd.Context())
		defer cancel()
		var err error
		if run.Project, err = commits.Head(ctx, env.folder); err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "the project's revision is not in the report: %v\n", err)
		}
	}
	run.Finish(least)
	frameworks.Apply(run)
	if store == nil {
		return
	}
	earlier, problems := history.Recent(cmd.Context(), store, run.Environment, remembered)
	for _, problem := range problems {
		fmt.Fprintf(cmd.ErrOrStderr(), "history: %v\n", problem)
	}
	// What a sandbox said tells nothing of the account of the same name.
	compare.Apply(run, slices.DeleteFunc(earlier, func(r readiness.Run) bool { return r.Sandbox != run.Sandbox }))
}

// keep puts a run into the history. One of the same second is not overwritten.
func (f *checkFlags) keep(cmd *cobra.Command, store history.Store, run readiness.Run) error {
	if store == nil {
		return nil
	}
	ctx, cancel := limited(cmd.Context())
	defer cancel()
	if err := store.Put(ctx, run); err != nil {
		return fmt.Errorf("keep the run: %w", err)
	}
	return nil
}

// pushed pushes the verdicts to a Pushgateway, when one was named.
func (f *checkFlags) pushed(cmd *cobra.Command, run readiness.Run) error {
	if f.push == "" {
		return nil
	}
	ctx, cancel := limited(cmd.Context())
	defer cancel()
	return metrics.Push(ctx, f.push, run, http.DefaultClient)
}

// local refuses to let a run of the sandbox reach an account.
func (f *checkFlags) local() error {
	if !f.operation.sandbox {
		return nil
	}
	for _, given := range [][2]string{
		{"--history", cmp.Or(f.history, os.Getenv(historyVariable))}, {"--bundle", f.bundle}, {"--key", f.key},
	} {
		if strings.HasPrefix(given[1], s3.Scheme) || kms.Is(given[1]) {
			return fmt.Errorf("%s %s: a sandbox reaches no account; name a file or a folder", given[0], given[1])
		}
	}
	return nil
}

// committed finds the revisions that wrote the project's statements. What cannot
// be told, for want of a repository, is no revision.
func committed(ctx context.Context, root string) func(file string, line, endLine int) *readiness.Commit {
	if root == "" {
		return nil
	}
	known := map[string]commits.Lines{}
	for _, file := range []string{attestations.FileName, waivers.FileName} {
		known[file], _ = commits.Blame(ctx, root, file)
	}
	return func(file string, line, endLine int) *readiness.Commit { return known[file].At(line, endLine) }
}

// version is the version of this binary, else the digest of its bytes.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "unknown"
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// wholeRun tells whether a run is of the whole checklist, so that it can stand
// beside others.
func (f *checkFlags) wholeRun() bool { return f.phase == "all" && len(f.only) == 0 }

// store opens the history that a run is kept in: the one that was named, else
// the project's own for runs of the whole checklist.
func (f *checkFlags) store(ctx context.Context, env checked) (history.Store, error) {
	named := cmp.Or(f.history, os.Getenv(historyVariable))
	switch {
	case f.history == "none":
		return nil, nil
	case !f.wholeRun() && f.history != "":
		return nil, errors.New("--history keeps runs of the whole checklist: leave --select and --phase out")
	case !f.wholeRun(), named == "" && env.folder == "", env.targets.Environment == "":
		return nil, nil
	}
	return openHistory(ctx, env.folder, f.history)
}

// limited is a context for what a run does after judging: a server that hangs
// does not hold its results up for ever.
func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}
