package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/checks"
	"gatehouse/checks/checklist"
	"gatehouse/checks/collect"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

// checkFlags are the flags of gatehouse check.
type checkFlags struct {
	operation operationFlags
	targets   string
	phase     string
	only      []string
	outputs   []string
	failOn    string
	limit     time.Duration
	each      time.Duration
	verbose   bool
	list      bool
	history   string
	bundle    string
	key       string
	push      string
}

func newCheckCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check -s STACK [--sandbox]",
		Short: "Judge the readiness checklist against the live systems",
		Long: `Read what decides the items of the two guides' checklist from AWS, Kubernetes,
PostgreSQL, Redis, the portal, Prometheus and the artefacts of the pipeline, and
judge. What could not be read is UNKNOWN, with the reason; what only a person can
say is MANUAL until someone attests it. Nothing is changed anywhere.

A run of the whole checklist is kept in the history, and compared with the runs
before it. A bundle holds the report and all evidence, signed, for others to
verify. Exits with 1 when an item of at least the severity of --fail-on fails and
is not waived, and with 2 when it could not run or was cut off.

Formats: ` + strings.Join(render.ReadinessNames(), ", ") + `.`,
		Example: `  gatehouse check -s staging --sandbox
  gatehouse check -s production --select 'DB-*' --select CACHE-1 -v
  gatehouse check --targets targets.yaml -o text -o html=out/report.html
  gatehouse check -s production -o summary --bundle out/evidence.tar --key ci.key
  gatehouse check -s production --history s3://audit-reports/readiness`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.list {
				return listChecklist(cmd, f.phase, f.only)
			}
			return f.run(cmd)
		},
	}
	f.operation.registerTarget(cmd.Flags())
	flags := cmd.Flags()
	flags.StringVar(&f.targets, "targets", "", "where the systems are, instead of or beside the stack's outputs (default targets.yaml, if it is there)")
	flags.StringVar(&f.phase, "phase", "all", "pre-deploy, post-deploy, periodic or all")
	flags.StringSliceVar(&f.only, "select", nil, "only these items, e.g. DB-3 or 'DB-*'; may be repeated")
	flags.StringArrayVarP(&f.outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	flags.StringVar(&f.failOn, "fail-on", string(report.High), "the least severity that makes the run fail, or never: what fails is then told by the report alone")
	flags.DurationVar(&f.limit, "timeout", 2*time.Minute, "how long the whole run may take; what is missing then is UNKNOWN")
	flags.DurationVar(&f.each, "query-timeout", 10*time.Second, "how long one query may take")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every item and every subject")
	flags.BoolVar(&f.list, "list", false, "list the items instead of judging them")
	flags.StringVar(&f.history, "history", "", "where runs are kept: a folder, s3://BUCKET/PREFIX, or none (default .gatehouse/history, runs of the whole checklist)")
	flags.StringVar(&f.bundle, "bundle", "", "write a signed evidence bundle to this file, or to s3://BUCKET/KEY; in a folder, which ends with /, it is named after the run")
	flags.StringVar(&f.key, "key", "", "the key that signs the bundle: a file, or awskms:///ARN (with --sandbox, one of the sandbox's own)")
	flags.StringVar(&f.push, "push", "", "push the verdicts to the Prometheus Pushgateway at this URL")
	cmd.AddCommand(newCheckLoadCommand(), newCheckSchemaCommand())
	return cmd
}

func (f *checkFlags) run(cmd *cobra.Command) error {
	least, err := f.least()
	if err != nil {
		return err
	}
	formats, err := parseOutputs(f.outputs, render.ReadinessNames())
	if err != nil {
		return err
	}
	if err := distinct(append(formats, output{"the bundle", f.bundle})); err != nil {
		return err
	}
	items, err := selectItems(f.phase, f.only)
	if err != nil {
		return err
	}
	if err := f.local(); err != nil {
		return err
	}
	env, err := f.find(cmd)
	if err != nil {
		return err
	}
	store, err := f.store(cmd.Context(), env)
	if err != nil {
		return err
	}
	signer, err := f.signer(cmd, env.folder)
	if err != nil {
		return err
	}
	run := f.check(cmd, env, items, least)
	if run.Interrupted {
		store = nil // half a run is no point of a trend
	}
	complete(cmd, &run, env, store, least)
	for _, o := range formats {
		options := render.Options{Now: time.Now(), Verbose: f.verbose, Color: o.file == "" && coloured(cmd.OutOrStdout())}
		if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error { return render.ReadinessFormats[o.format](w, run, options) }); err != nil {
			return err
		}
	}
	// Each of these may fail alone: what the run found is not lost for it.
	if err := errors.Join(f.writeBundle(cmd, run, env, signer), f.keep(cmd, store, run), f.pushed(cmd, run)); err != nil {
		return err
	}
	if run.Interrupted {
		return errors.New("the run was cut off: what was written says what was read by then, and it is not kept in the history")
	}
	if run.Summary.Failed && f.failOn != never {
		return errFindings
	}
	return nil
}

// never is the --fail-on of runs whose outcome is data, such as those of a
// schedule: alerts watch what they push.
const never = "never"

// least is the severity from which on an item fails the run.
func (f *checkFlags) least() (report.Severity, error) {
	if f.failOn == never {
		return report.High, nil
	}
	least, err := report.ParseSeverity(f.failOn)
	if err != nil {
		return "", fmt.Errorf("--fail-on: %w, or never", err)
	}
	return least, nil
}

// check judges the items against an environment.
func (f *checkFlags) check(cmd *cobra.Command, env checked, items []checklist.Item, least report.Severity) readiness.Run {
	o := checks.Options{
		Items: items, Targets: env.targets, Folder: env.folder, Policies: env.policies, NoPolicies: env.noPolicies, FailOn: least,
		Limits: collect.Limits{Whole: f.limit, Each: f.each}, Now: time.Now,
		Waivers: env.waivers, Attestations: env.attestations, Committed: committed(cmd.Context(), env.folder),
	}
	if f.operation.sandbox {
		o.Pretended = pretended()
	}
	progress := newProgress(cmd.ErrOrStderr(), "readiness")
	defer progress.end()
	o.Progress = func(done, all int) { progress.say(fmt.Sprintf("%d of %d queries", done, all)) }
	run := checks.Run(cmd.Context(), o)
	run.Sandbox = f.operation.sandbox
	return run
}

// selectItems are the built-in checklist's items that were asked for.
func selectItems(phase string, only []string) ([]checklist.Item, error) {
	items, err := checks.Checklist()
	if err != nil {
		return nil, err
	}
	return checklist.Select(items, phase, only)
}

// readAttestations reads the project's attestations; without a project there
// are none.
func readAttestations(root string) ([]attestations.Attestation, error) {
	if root == "" {
		return nil, nil
	}
	return attestations.Read(filepath.Join(root, attestations.FileName))
}

// listChecklist prints the items, one a line.
func listChecklist(cmd *cobra.Command, phase string, only []string) error {
	items, err := selectItems(phase, only)
	if err != nil {
		return err
	}
	for _, item := range items {
		how := "live"
		switch {
		case !item.Live() && item.Attestation != "":
			how = "attestation"
		case item.Attestation != "":
			how = "live and attestation"
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%-9s %-9s %-12s %-21s %s\n", item.ID, item.Severity, item.Phase, how, item.Title)
	}
	return nil
}
