package cli

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
	"gatehouse/policies/evaluate"
	"gatehouse/policies/project"
	"gatehouse/report"
	"gatehouse/report/render"
)

// judged runs operations of the engine with the policies beside it, and keeps
// what they found. A nil one runs without.
type judged struct {
	project   project.Project
	evaluator *evaluate.Evaluator
	stack     string
	analyzer  string
	result    report.Result
	// broken is why a preview did not come to its end.
	broken error
}

func newJudged(root, stack string) (*judged, error) {
	p, err := project.Load(root)
	if err != nil {
		return nil, err
	}
	return judgedBy(p, stack)
}

// judgedBy is newJudged for a project whose rules are loaded.
func judgedBy(p project.Project, stack string) (*judged, error) {
	e, err := p.Evaluator(stack)
	if err != nil {
		return nil, err
	}
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the gatehouse binary: %w", err)
	}
	path, err := engine.Beside(executable)
	return &judged{project: p, evaluator: e, stack: stack, analyzer: path}, err
}

// judge is who judges an operation. An up is stopped by the engine itself. So is a
// preview asked where rules may put things right, which only the engine can show.
func (j *judged) judge(op engine.Operation) engine.Judge {
	switch {
	case op != engine.Preview:
		return engine.Enforce
	case j.evaluator.Remediates():
		return engine.Observe
	default:
		return engine.Here
	}
}

// run carries out an operation. A preview finds everything; an up ends at the
// first resource that breaks a mandatory rule.
func (j *judged) run(cmd *cobra.Command, op engine.Operation, o engine.Options) (engine.Result, error) {
	progress := newProgress(cmd.ErrOrStderr(), o.Stack)
	defer progress.end()
	o.Progress = progress.step
	if j == nil {
		return engine.Run(cmd.Context(), op, o)
	}
	o.Policies = &engine.Policies{Judge: j.judge(op), Evaluator: j.evaluator, Analyzer: j.analyzer}
	if o.Policies.Judge == engine.Here {
		// The rules are compiled while the CLI starts; who needs a part is told what
		// is wrong with it.
		go func() { _ = j.project.Pack.Compile() }()
	}
	ran, err := engine.Run(cmd.Context(), op, o)
	if readErr := j.read(o.Policies, o.Layer == ""); err == nil {
		err = readErr
	}
	j.result.Source = fmt.Sprintf("%s of %s", op, o.Stack)
	if err == nil || j.failed() { // what was not judged has no figures
		ran.Policies = &j.result.Summary
	}
	if op == engine.Preview {
		j.broken = err
	}
	return ran, err
}

// read takes over what was found, with its places and waivers; whole is whether
// all layers were judged.
func (j *judged) read(p *engine.Policies, whole bool) error {
	var complete bool
	var err error
	if j.result, complete, err = p.Found(); err != nil {
		return err
	}
	var described report.Result
	j.evaluator.Describe(&described, nil)
	j.result.Environment, j.result.Rules = j.stack, described.Rules
	for i, f := range j.result.Findings {
		if f.Location == nil {
			j.result.Findings[i].Location = p.Position(f.Subject())
		}
	}
	j.result.Findings = j.project.Waive(j.result.Findings, j.stack, time.Now(), complete && whole)
	j.result.Finish("")
	return nil
}

// failed tells whether the policies stopped the operation, or would.
func (j *judged) failed() bool { return j != nil && j.result.Summary.Failed }

// refuse says why the policies stop what was asked for. What they find in a preview
// is not what broke it.
func (j *judged) refuse(cmd *cobra.Command) error {
	out := cmd.ErrOrStderr()
	if err := render.Text(out, j.result, render.Options{Now: time.Now(), Color: coloured(out)}); err != nil {
		return fmt.Errorf("write what the policies found: %w", err)
	}
	if j.broken != nil {
		return j.broken
	}
	return errFindings
}

// judgePreview judges a live preview.
func (f *operationFlags) judgePreview(cmd *cobra.Command, p project.Project) (report.Result, error) {
	root, err := projectRoot()
	if err != nil {
		return report.Result{}, fmt.Errorf("%w; of another program, judge the output of `pulumi preview --json --show-sames` with --state", err)
	}
	if err := f.checkConfig(root, cmd.ErrOrStderr()); err != nil {
		return report.Result{}, err
	}
	o, err := f.options(cmd, root)
	if err != nil {
		return report.Result{}, err
	}
	j, err := judgedBy(p, f.stack)
	if err != nil {
		return report.Result{}, err
	}
	_, err = j.run(cmd, engine.Preview, o)
	return j.result, err
}
