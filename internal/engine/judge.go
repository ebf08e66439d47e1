package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"

	"gatehouse/policies/analyzer"
	"gatehouse/policies/input"
	"gatehouse/report"
)

// Found is what the policies found in an operation that has ended; no waivers
// are laid over it yet. complete is whether all was judged, the stack as a whole
// too: an operation that failed or was stopped never comes to that.
func (p *Policies) Found() (result report.Result, complete bool, err error) {
	if p.inEngine() {
		return analyzer.ReadTrail(p.trail())
	}
	return p.found, p.complete, nil
}

// listen hears the program until stop; only Here listens.
func (p *Policies) listen() (stop func()) {
	if p == nil || p.Judge != Here {
		return func() {}
	}
	return p.reader.Listen()
}

// take takes an event of the engine.
func (p *Policies) take(e events.EngineEvent) {
	if p != nil && p.Judge == Here {
		p.reader.Take(e)
	}
}

// judge begins to judge what was registered, and returns what waits for the end
// of that: the processors are free while others wait for the CLI. ended is
// whether the preview came to its end.
func (p *Policies) judge(ctx context.Context, ended bool) (wait func() error) {
	if p == nil || p.Judge != Here {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- p.judgeAll(ctx, ended) }()
	return func() error { return <-done }
}

func (p *Policies) judgeAll(ctx context.Context, ended bool) error {
	made, read, err := p.reader.Resources(ended)
	if err != nil {
		return fmt.Errorf("judge by the policies: %w", err)
	}
	whole := make(chan []report.Finding, 1)
	go func() {
		if ended {
			whole <- p.Evaluator.Stack(ctx, slices.Concat(made, read))
		}
		close(whole)
	}()
	p.found.Findings = p.judgeEach(ctx, made)
	p.found.Findings = append(p.found.Findings, <-whole...)
	if ctx.Err() != nil {
		return fmt.Errorf("judge by the policies: %w", ctx.Err())
	}
	if ended {
		p.Evaluator.Describe(&p.found, types(made))
		p.found.Summary.Resources = len(made) + len(read)
		p.complete = true
	}
	return nil
}

func (p *Policies) judgeEach(ctx context.Context, resources []input.Resource) []report.Finding {
	var found []report.Finding
	for _, r := range resources {
		found = append(found, p.Evaluator.Judge(ctx, r)...)
	}
	return found
}

func types(resources []input.Resource) map[string]bool {
	all := map[string]bool{}
	for _, r := range resources {
		all[r.Type] = true
	}
	return all
}
