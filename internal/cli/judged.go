package cli

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
	"gatehouse/policies/analyzer"
	"gatehouse/policies/project"
	"gatehouse/report"
	"gatehouse/report/render"
)

// judged runs operations of the engine with the policies beside it, and keeps
// what they found. A nil one runs without.
type judged struct {
	project  project.Project
	stack    string
	analyzer string
	result   report.Result
}

func newJudged(root, stack string) (*judged, error) {
	p, err := project.Load(root)
	if err != nil {
		return nil, err
	}
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the gatehouse binary: %w", err)
	}
	path, err := engine.Beside(executable)
	return &judged{project: p, stack: stack, analyzer: path}, err
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
	o.Policies = &engine.Policies{Analyzer: j.analyzer, Observe: op == engine.Preview}
	ran, err := engine.Run(cmd.Context(), op, o)
	if readErr := j.read(o.Policies, o.Layer == ""); err == nil {
		err = readErr
	}
	j.result.Source = fmt.Sprintf("%s of %s", op, o.Stack)
	ran.Policies = &j.result.Summary
	return ran, err
}

// read takes over what was found, with its places and waivers; whole is whether
// all layers were judged.
func (j *judged) read(p *engine.Policies, whole bool) error {
	var ended bool
	var err error
	if j.result, ended, err = analyzer.ReadTrail(p.Trail()); err != nil {
		return err
	}
	e, err := j.project.Evaluator(j.stack)
	if err != nil {
		return err
	}
	var described report.Result
	e.Describe(&described, nil)
	j.result.Environment, j.result.Rules = j.stack, described.Rules
	for i, f := range j.result.Findings {
		if f.Location == nil {
			j.result.Findings[i].Location = p.Position(f.Subject())
		}
	}
	j.result.Findings = j.project.Waive(j.result.Findings, j.stack, time.Now(), ended && whole)
	j.result.Finish("")
	return nil
}

// failed tells whether the policies stopped the operation, or would.
func (j *judged) failed() bool { return j != nil && j.result.Summary.Failed }

// refuse says why the policies stop what was asked for.
func (j *judged) refuse(cmd *cobra.Command) error {
	out := cmd.ErrOrStderr()
	if err := render.Text(out, j.result, render.Options{Now: time.Now(), Color: coloured(out)}); err != nil {
		return fmt.Errorf("write what the policies found: %w", err)
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
	j, err := newJudged(root, f.stack)
	if err != nil {
		return report.Result{}, err
	}
	j.project = p
	_, err = j.run(cmd, engine.Preview, o)
	return j.result, err
}
