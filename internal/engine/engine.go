// Package engine drives Pulumi: preview, up, refresh and destroy of one
// environment through the Automation API, against the sandbox or on the
// backend that the user chose. It runs the same program as `pulumi up` does.
//
// What the program deploys lives in stacks; how results are shown lives in
// internal/cli; the sandbox's processes live in sandbox.
package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/stacks"
)

// Operation is what is done to an environment.
type Operation string

// The four operations.
const (
	Preview Operation = "preview"
	Up      Operation = "up"
	Refresh Operation = "refresh"
	Destroy Operation = "destroy"
)

// Options says how one operation runs.
type Options struct {
	// Root is the project's folder, where Pulumi.yaml is.
	Root string
	// Stack is the environment's name.
	Stack string
	// Pulumi is the path of the Pulumi CLI.
	Pulumi string
	// Sandbox sends everything to the sandbox; nil means the real thing.
	Sandbox *Sandbox
	// Policies judge Preview and Up; nil for none.
	Policies *Policies
	// Parallel is how many resources are worked on at once; 0 leaves Pulumi's
	// default.
	Parallel int
	// Layer stops after that layer; "" means all.
	Layer string
	// Unprotect lets Destroy delete protected resources.
	Unprotect bool
	// Progress is told of every resource that a step is done with. It may be
	// nil and is called from one goroutine.
	Progress func(Step)
	// Notice is told one line that a person should know. It may be nil.
	Notice func(string)
}

// Run carries out op. The result is complete as far as it goes even when the
// error is not nil: an interrupted `up` tells what it did.
func Run(ctx context.Context, op Operation, o Options) (Result, error) {
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	begin := time.Now()
	if o.Policies != nil {
		if err := o.Policies.prepare(o); err != nil {
			return Result{}, err
		}
	}
	w, err := open(ctx, op, o)
	if err != nil {
		return Result{}, err
	}
	if op == Destroy {
		if err := w.unprotect(ctx, o); err != nil {
			return Result{}, err
		}
	}
	record, err := w.run(ctx, op, o, w.refreshFirst)
	if op == Up && o.Layer == "" && err == nil && w.settled != nil {
		err = w.settled()
	}
	judged := o.Policies.judge(ctx, err == nil)
	result := record.result(w.simulated)
	result.Seconds = time.Since(begin).Seconds()
	if outputs, outErr := w.stack.Outputs(ctx); outErr == nil {
		result.Outputs = publish(outputs)
	}
	if judgeErr := judged(); err == nil {
		err = judgeErr
	}
	return result, err
}

// run runs op once and records its events.
func (w *environment) run(ctx context.Context, op Operation, o Options, refreshFirst bool) (*record, error) {
	rec := newRecord(o.Progress)
	stream := make(chan events.EngineEvent)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for e := range stream {
			rec.take(e)
			o.Policies.take(e)
		}
	}()
	defer o.Policies.listen()()
	err := w.operate(ctx, op, o, stream, refreshFirst)
	<-done // the Automation API closes the stream
	if err != nil {
		err = rec.explain(op, o.Stack, err)
	}
	return rec, err
}

func (w *environment) operate(ctx context.Context, op Operation, o Options, stream chan events.EngineEvent, refreshFirst bool) error {
	targets, err := targets(o.Stack, o.Layer)
	if err != nil {
		close(stream)
		return err
	}
	switch op {
	case Preview:
		opts := []optpreview.Option{optpreview.EventStreams(stream), optpreview.SuppressProgress(), optpreview.Parallel(o.Parallel), optpreview.Target(targets), optpreview.PolicyPacks(o.Policies.packs()...)}
		if refreshFirst {
			opts = append(opts, optpreview.Refresh())
		}
		_, err = w.stack.Preview(ctx, opts...)
	case Up:
		opts := []optup.Option{optup.EventStreams(stream), optup.SuppressProgress(), optup.Parallel(o.Parallel), optup.Target(targets), optup.PolicyPacks(o.Policies.packs()...)}
		if refreshFirst {
			opts = append(opts, optup.Refresh())
		}
		_, err = w.stack.Up(ctx, opts...)
	case Refresh:
		_, err = w.stack.Refresh(ctx, optrefresh.EventStreams(stream), optrefresh.SuppressProgress(), optrefresh.Parallel(o.Parallel), optrefresh.Target(targets))
	case Destroy:
		_, err = w.stack.Destroy(ctx, optdestroy.EventStreams(stream), optdestroy.SuppressProgress(), optdestroy.Parallel(o.Parallel))
	default:
		close(stream)
		err = fmt.Errorf("unknown operation %q", op)
	}
	return err
}

// environment is an opened stack, ready to be operated on.
type environment struct {
	stack auto.Stack
	// program is replaced while protection is taken off.
	program pulumi.RunFunc
	// simulated tells which types exist only in the state.
	simulated func(token string) bool
	// refreshFirst is set when what the state says may be gone.
	refreshFirst bool
	// secrets are the configuration paths that the sandbox has to fill.
	secrets []string
	// settled is called after a complete up.
	settled func() error
}

// open selects the stack, and creates it when op may.
func open(ctx context.Context, op Operation, o Options) (*environment, error) {
	w := &environment{program: stacks.In(o.Root, programOf(o.Layer)), simulated: func(string) bool { return false }}
	options, err := w.workspace(o)
	if err != nil {
		return nil, err
	}
	workspace, err := auto.NewLocalWorkspace(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	if op == Refresh || op == Destroy {
		w.stack, err = auto.SelectStack(ctx, o.Stack, workspace)
		if auto.IsSelectStack404Error(err) {
			return nil, fmt.Errorf("%w: %s: nothing is deployed; run `gatehouse up -s %s` first", ErrNoStack, o.Stack, o.Stack)
		}
	} else {
		w.stack, err = auto.UpsertStack(ctx, o.Stack, workspace)
	}
	if err != nil {
		return nil, fmt.Errorf("select stack %s: %w", o.Stack, backendHint(shorten(err)))
	}
	if o.Sandbox != nil {
		err = o.Sandbox.mend(ctx, o, w)
	}
	return w, err
}

// workspace says where Pulumi works, and with which program and environment.
func (w *environment) workspace(o Options) ([]auto.LocalWorkspaceOption, error) {
	options := []auto.LocalWorkspaceOption{
		// Indirect, so that unprotect can run another program on the same stack.
		auto.Program(func(ctx *pulumi.Context) error { return w.program(ctx) }),
	}
	if o.Policies != nil {
		w.program = o.Policies.positions.watch(w.program)
	}
	if o.Sandbox == nil {
		return append(options, auto.WorkDir(o.Root), auto.Pulumi(newCommand(o.Pulumi, append(os.Environ(), o.Policies.environ(os.Getenv("PATH"))...)))), nil
	}
	more, err := o.Sandbox.prepare(o, w)
	if err != nil {
		return nil, fmt.Errorf("prepare the sandbox's workspace: %w", err)
	}
	return append(options, more...), nil
}

// programOf is the program that ends with a layer, or the whole one.
func programOf(layer string) pulumi.RunFunc {
	if layer == "" {
		return stacks.Deploy
	}
	return stacks.Through(layer)
}

// backendHint says what to do when no backend was ever chosen.
func backendHint(err error) error {
	if strings.Contains(err.Error(), "PULUMI_ACCESS_TOKEN") {
		return fmt.Errorf("%w; choose where the state is kept first: `pulumi login s3://BUCKET`, or `pulumi login` for Pulumi Cloud", err)
	}
	return err
}

// ErrNoStack says that an operation needs a stack that does not exist.
var ErrNoStack = errors.New("no such stack")
