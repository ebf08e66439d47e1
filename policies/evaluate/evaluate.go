// Package evaluate judges resources by the rules of a pack: one prepared query
// for all rules of a type, and one for the rules about the whole stack.
//
// Loading rules lives in policies/pack, reading resources in policies/input.
package evaluate

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// Evaluator judges resources. It may be used from several goroutines.
type Evaluator struct {
	pack     *pack.Pack
	settings pack.Settings
	stack    string
	store    storage.Store
	tracer   topdown.QueryTracer

	mu      sync.Mutex
	queries map[string]func() *query // by type, with those of "" for the stack
	single  sync.Map                 // prepared queries for one set of one rule
}

// Options are what an evaluator may be told.
type Options struct {
	// Stack is the environment's name, "" for none.
	Stack string
	// Tracer sees every step of every evaluation; nil for none. It is for
	// coverage and makes everything slow.
	Tracer topdown.QueryTracer
}

// New returns an evaluator for a pack with the settings of an environment,
// which must be those that the pack has resolved.
func New(p *pack.Pack, settings pack.Settings, o Options) *Evaluator {
	parameters := map[string]any{}
	for id, s := range settings {
		parameters[id] = s.Parameters
	}
	return &Evaluator{
		pack: p, settings: settings, stack: o.Stack, tracer: o.Tracer,
		store:   inmem.NewFromObject(map[string]any{"parameters": parameters}),
		queries: map[string]func() *query{},
	}
}

// Applies names the rules that judge a type.
func (e *Evaluator) Applies(ctx context.Context, typ string) []string {
	q := e.query(ctx, typ)
	ids := make([]string, len(q.rules))
	for i, rule := range q.rules {
		ids[i] = rule.ID
	}
	return ids
}

// Resource returns what the rules about single resources say of one. A rule
// that fails makes a finding; it stops nobody.
func (e *Evaluator) Resource(ctx context.Context, r input.Resource) []report.Finding {
	findings := e.judge(ctx, &r, false)
	slices.SortFunc(findings, report.Compare)
	return findings
}

// Judge is Resource, and adds to each denial what the rule would change.
func (e *Evaluator) Judge(ctx context.Context, r input.Resource) []report.Finding {
	findings := e.judge(ctx, &r, true)
	slices.SortFunc(findings, report.Compare)
	return findings
}

// judge finds in no order.
func (e *Evaluator) judge(ctx context.Context, r *input.Resource, diffs bool) []report.Finding {
	q := e.query(ctx, r.Type)
	if len(q.rules) == 0 {
		return nil
	}
	s := newSubject(q, r)
	said := q.recall(ctx, e, s)
	count := 0
	for i := range said {
		count += len(said[i].denials)
	}
	var findings []report.Finding
	if count > 0 {
		findings = make([]report.Finding, 0, count)
	}
	for i := range said {
		j := judgement{evaluator: e, rule: &q.rules[i], reads: q.reads[i], resource: r, document: s.document, names: s.names(i)}
		before := len(findings)
		findings = j.findings(findings, said[i])
		if len(findings) == before {
			findings = append(findings, j.unseen()...) // it says nothing, and may not have seen everything
		}
		found := findings[before:]
		if diffs && j.rule.Remedies && len(found) > 0 && found[0].Verdict == report.Deny {
			diff := e.diff(ctx, i, s, said[i])
			for n := range found {
				found[n].Diff = diff
			}
		}
	}
	return findings
}

// Remedy is a change that puts a resource right.
type Remedy struct {
	Rule       pack.Rule
	Properties resource.PropertyMap
	// Diff has a line for each value before and after, without secrets.
	Diff string
}

// Remedies returns what the rules of level remediate, or those of all levels,
// would change of a resource, each on top of the one before.
func (e *Evaluator) Remedies(ctx context.Context, r input.Resource, all bool) []Remedy {
	var remedies []Remedy
	q := e.query(ctx, r.Type)
	for i, rule := range q.rules {
		if !rule.Remedies || !all && e.settings[rule.ID].Level != report.Remediate {
			continue
		}
		s := newSubject(q, &r)
		changed, diff := apply(r.Properties, e.remedy(ctx, i, s).changes, s.document)
		if diff != "" {
			remedies = append(remedies, Remedy{rule, changed, diff})
			r.Properties = changed
		}
	}
	return remedies
}

// Remediates tells whether any rule is of level remediate.
func (e *Evaluator) Remediates() bool {
	for _, s := range e.settings {
		if s.Level == report.Remediate {
			return true
		}
	}
	return false
}

// Level is the level of a rule here.
func (e *Evaluator) Level(id string) report.Level { return e.settings[id].Level }

// Setting is the level and all parameters of a rule here.
func (e *Evaluator) Setting(id string) pack.Setting { return e.settings[id] }

// Set judges a whole set: every resource, and the stack. Its result is not
// finished: waivers come next.
func (e *Evaluator) Set(ctx context.Context, set input.Set) (report.Result, error) {
	result := report.Result{Environment: e.stack, Source: set.Source}
	whole := make(chan []report.Finding, 1)
	go func() { whole <- e.judgeStack(ctx, set.Resources) }()
	found, err := e.resources(ctx, set.Resources)
	result.Findings = ordered(set.Resources, found, <-whole)
	if err != nil {
		return result, err
	}
	if err := ctx.Err(); err != nil {
		return result, fmt.Errorf("judge %s: %w", set.Source, err)
	}
	types := map[string]bool{}
	for _, r := range set.Resources {
		types[r.Type] = true
	}
	e.Describe(&result, types)
	result.Summary.Resources = len(set.Resources)
	return result, nil
}

// Describe fills in which rules were on, and which of them met no resource of
// their types.
func (e *Evaluator) Describe(result *report.Result, types map[string]bool) {
	for _, rule := range e.pack.Rules {
		if e.Level(rule.ID) == report.Disabled {
			result.Summary.Disabled = append(result.Summary.Disabled, rule.ID)
			continue
		}
		described := rule.Rule
		described.Level = e.Level(rule.ID)
		result.Rules = append(result.Rules, described)
		met := slices.ContainsFunc(rule.Subjects, func(pattern string) bool {
			for t := range types {
				if pack.Matches(pattern, t) {
					return true
				}
			}
			return false
		})
		if !met {
			result.Summary.Unmatched = append(result.Summary.Unmatched, rule.ID)
		}
	}
	result.Summary.Rules = len(result.Rules)
}
