package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"gatehouse/policies/input"
	"gatehouse/policies/project"
	"gatehouse/report"
	"gatehouse/report/render"
)

// How much memory judging files may take before garbage is collected: they are
// read once and gone, and collecting would take a third of the time. A state is
// judged on machines that run Pulumi beside it; manifests, which are smaller,
// where kubectl runs.
const (
	stateHeap     = 200 << 20
	manifestsHeap = 512 << 20
)

// policyInput says what is judged.
type policyInput struct {
	operation operationFlags
	state     string
	manifests []string
}

func (f *policyInput) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.operation.registerTarget(flags)
	flags.StringVar(&f.state, "state", "", "a file of `pulumi stack export` or `pulumi preview --json --show-sames`; - for standard input")
	flags.StringArrayVar(&f.manifests, "manifests", nil, "a file or folder of Kubernetes manifests; - for standard input; may be repeated")
	cmd.MarkFlagsMutuallyExclusive("state", "manifests")
	cmd.MarkFlagsOneRequired("stack", "state", "manifests")
}

// judge reads what is to be judged, judges it, and lays waivers over what was
// found. With a stack alone that is a live preview.
func (f *policyInput) judge(cmd *cobra.Command, least report.Severity) (report.Result, project.Project, error) {
	switch {
	case f.state != "":
		debug.SetMemoryLimit(stateHeap)
		debug.SetGCPercent(200)
	case len(f.manifests) > 0:
		debug.SetMemoryLimit(manifestsHeap)
		debug.SetGCPercent(-1)
		return f.judgeManifests(cmd, least)
	}
	p, err := loadPolicies()
	if err != nil {
		return report.Result{}, p, err
	}
	var result report.Result
	if f.state != "" {
		result, err = f.judgeState(cmd, p)
	} else {
		result, err = f.operation.judgePreview(cmd, p)
	}
	if err != nil {
		return report.Result{}, p, err
	}
	result.Finish(least)
	return result, p, nil
}

// judgeManifests reads the rules while it reads the manifests.
func (f *policyInput) judgeManifests(cmd *cobra.Command, least report.Severity) (report.Result, project.Project, error) {
	var set input.Set
	var p project.Project
	group, ctx := errgroup.WithContext(cmd.Context())
	group.Go(func() (err error) {
		set, err = input.Manifests(ctx, f.manifests, cmd.InOrStdin())
		return err
	})
	group.Go(func() (err error) {
		if p, err = loadPolicies(); err != nil {
			return err
		}
		for _, part := range []string{"kubernetes", "graph"} {
			if _, err := p.Pack.Compiler(part); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return report.Result{}, p, err
	}
	result, err := judgeSet(cmd.Context(), p, f.operation.stack, set, false)
	if err != nil {
		return report.Result{}, p, err
	}
	result.Finish(least)
	return result, p, nil
}

func (f *policyInput) judgeState(cmd *cobra.Command, p project.Project) (report.Result, error) {
	in := cmd.InOrStdin()
	if f.state != "-" {
		file, err := os.Open(f.state)
		if err != nil {
			return report.Result{}, fmt.Errorf("read the state: %w", err)
		}
		defer file.Close()
		in = file
	}
	set, err := input.Pulumi(in, f.state)
	if err != nil {
		return report.Result{}, err
	}
	stack := f.operation.stack
	if stack == "" {
		stack = set.Stack
	}
	return judgeSet(cmd.Context(), p, stack, set, true)
}

// judgeSet judges a set with the settings and waivers of an environment;
// complete says that it is the whole of it.
func judgeSet(ctx context.Context, p project.Project, stack string, set input.Set, complete bool) (report.Result, error) {
	e, err := p.Evaluator(stack)
	if err != nil {
		return report.Result{}, err
	}
	result, err := e.Set(ctx, set)
	if err != nil {
		return report.Result{}, err
	}
	result.Findings = p.Waive(result.Findings, stack, time.Now(), complete)
	return result, nil
}

func newPolicyCheckCommand() *cobra.Command {
	var in policyInput
	var outputs []string
	var failOn string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "check [-s STACK [--sandbox] | --state FILE | --manifests PATH]",
		Short: "Judge a live preview, a state, a plan or manifests",
		Long: `Judge by every rule, and exit with 1 when a mandatory rule is broken, or any
rule of at least the severity of --fail-on. What a rule cannot see yet is
undecided and stops nothing; it is decided at up. Formats: text, json, sarif,
junit, github, markdown.`,
		Example: `  gatehouse policy check -s staging --sandbox
  pulumi stack export -s staging --show-secrets | gatehouse policy check --state -
  gatehouse policy check --manifests deploy/ -o text -o sarif=out/policies.sarif`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			least, err := report.ParseSeverity(failOn)
			if err != nil {
				return fmt.Errorf("--fail-on: %w", err)
			}
			formats, err := parseOutputs(outputs, render.Names())
			if err != nil {
				return err
			}
			result, _, err := in.judge(cmd, least)
			if err != nil {
				return err
			}
			for _, o := range formats {
				options := render.Options{Now: time.Now(), Verbose: verbose, Color: o.file == "" && coloured(cmd.OutOrStdout())}
				if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error { return render.Formats[o.format](w, result, options) }); err != nil {
					return err
				}
			}
			if result.Summary.Failed {
				return errFindings
			}
			return nil
		},
	}
	in.register(cmd)
	cmd.Flags().StringArrayVarP(&outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	cmd.Flags().StringVar(&failOn, "fail-on", string(report.High), "the least severity that fails although its rule is advisory")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "name every resource, undecided and waived ones too")
	return cmd
}
