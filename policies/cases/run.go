package cases

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// Problem is something wrong with a rule or one of its cases.
type Problem struct {
	Rule string `json:"rule"`
	// Case is "GROUP: NAME", "" when it is about the rule.
	Case string `json:"case,omitempty"`
	// File and Line are where the case, or the rule, is written.
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Message string `json:"message"`
}

// Run is what came of testing rules.
type Run struct {
	Rules    int       `json:"rules"`
	Cases    int       `json:"cases"`
	Problems []Problem `json:"problems"`
	// Coverage is the share of the rules' lines that the cases reach, in per
	// cent; Uncovered are the others, as FILE:LINE.
	Coverage  float64  `json:"coverage"`
	Uncovered []string `json:"uncovered"`
}

// Test runs the cases of every rule whose ID has a prefix. It fails when a rule
// or a case cannot be read; a case that turns out otherwise is a problem.
func Test(ctx context.Context, p *pack.Pack, files fs.FS, prefix string) (Run, error) {
	run := Run{Problems: []Problem{}, Uncovered: []string{}}
	coverage := cover.New()
	for _, rule := range p.Rules {
		if !strings.HasPrefix(rule.ID, prefix) {
			continue
		}
		run.Rules++
		written, err := Parse(files, strings.TrimSuffix(rule.File, ".rego")+".yaml")
		if err != nil {
			return run, err
		}
		run.Cases += len(written)
		t := tester{pack: p, rule: rule, coverage: coverage}
		run.Problems = append(run.Problems, t.complete(written)...)
		for _, c := range written {
			run.Problems = append(run.Problems, t.test(ctx, c)...)
		}
	}
	run.cover(p, coverage, prefix)
	return run, nil
}

// cover sums up which lines were reached: of the rules that were tested, and of
// the helpers when all were.
func (r *Run) cover(p *pack.Pack, coverage *cover.Cover, prefix string) {
	covered, all := 0, 0
	modules := coverage.Report(p.Modules)
	tested := map[string]bool{}
	for _, rule := range p.Rules {
		tested[rule.File] = strings.HasPrefix(rule.ID, prefix)
	}
	for file, lines := range modules.Files {
		if is, rule := tested[file]; rule && !is || !rule && prefix != "" {
			continue
		}
		covered += lines.CoveredLines
		all += lines.CoveredLines + lines.NotCoveredLines
		for _, gap := range lines.NotCovered {
			for line := gap.Start.Row; line <= gap.End.Row; line++ {
				r.Uncovered = append(r.Uncovered, fmt.Sprintf("%s:%d", file, line))
			}
		}
	}
	slices.Sort(r.Uncovered)
	if all > 0 {
		r.Coverage = 100 * float64(covered) / float64(all)
	}
}

// tester tests one rule.
type tester struct {
	pack     *pack.Pack
	rule     pack.Rule
	coverage *cover.Cover
}

// complete tells which groups have no case.
func (t tester) complete(written []Case) []Problem {
	var problems []Problem
	for _, group := range Groups {
		if !slices.ContainsFunc(written, func(c Case) bool { return c.Group == group }) {
			problems = append(problems, Problem{Rule: t.rule.ID, File: t.rule.File, Message: fmt.Sprintf("it has no case of the group %s", group)})
		}
	}
	return problems
}

// test judges the resources of a case, and those that differ from them in one
// unknown value.
func (t tester) test(ctx context.Context, c Case) []Problem {
	var problems []Problem
	wrong := func(format string, args ...any) {
		problems = append(problems, Problem{
			Rule: t.rule.ID, Case: string(c.Group) + ": " + c.Name, File: c.File, Line: c.Line, Message: fmt.Sprintf(format, args...),
		})
	}
	for _, r := range c.Resources {
		if !t.rule.Graph && !slices.ContainsFunc(t.rule.ResourceTypes, func(pattern string) bool { return pack.Matches(pattern, r.Type) }) {
			wrong("the rule does not judge %s", r.Type)
		}
	}
	settings, err := t.settings(c)
	if err != nil {
		wrong("%v", err)
		return problems
	}
	// Whoever is traced remembers nothing, and judges everything anew.
	traced := evaluate.New(t.pack, settings, evaluate.Options{Stack: c.Stack, Tracer: t.coverage})
	findings := t.judge(ctx, traced, c)
	if message := t.expected(c, findings); message != "" {
		wrong("%s", message)
		return problems
	}
	if message := t.remedied(ctx, traced, c); message != "" {
		wrong("%s", message)
	}
	e := evaluate.New(t.pack, settings, evaluate.Options{Stack: c.Stack})
	for _, m := range mutations(c) {
		if message := t.mutated(c.Group, t.judge(ctx, e, m.c)); message != "" {
			wrong("with %s unknown %s", m.what, message)
		}
	}
	before := said(findings)
	if after := said(t.judge(ctx, e, c)); after != before {
		wrong("with what it does not read left out it says %q: name the property in reads", after)
	}
	for _, m := range t.unread(c) {
		if after := said(t.judge(ctx, traced, m.c)); after != before {
			wrong("with another %s it says %q: name the property in reads", m.what, after)
		}
	}
	for _, m := range t.renamed(c) {
		seen, unseen := said(t.judge(ctx, traced, m.c)), said(t.judge(ctx, e, m.c))
		if seen != unseen {
			wrong("with another %s it says %q, and %q without looking into it: name the property in reads", m.what, seen, unseen)
		}
	}
	return problems
}

// settings turn every other rule off, so that only this one is evaluated.
func (t tester) settings(c Case) (pack.Settings, error) {
	layer := pack.Settings{t.rule.ID: {Level: report.Mandatory, Parameters: c.Parameters}}
	settings, err := t.pack.Resolve(layer)
	for id, s := range settings {
		if id != t.rule.ID {
			s.Level = report.Disabled
			settings[id] = s
		}
	}
	return settings, err
}

func (t tester) judge(ctx context.Context, e *evaluate.Evaluator, c Case) []report.Finding {
	if t.rule.Graph {
		return e.Stack(ctx, c.Resources)
	}
	return e.Resource(ctx, c.Resources[0])
}

// expected tells how the findings differ from what the case's group demands.
func (t tester) expected(c Case, findings []report.Finding) string {
	verdicts := map[report.Verdict][]string{}
	for _, f := range findings {
		if f.Verdict == report.Error {
			return f.Message
		}
		at := f.Path
		if t.rule.Graph {
			at = f.Resource[strings.LastIndex(f.Resource, "::")+2:] + ":" + f.Path
		}
		verdicts[f.Verdict] = append(verdicts[f.Verdict], at)
	}
	denied, undecided := verdicts[report.Deny], verdicts[report.Undecided]
	switch {
	case c.Group == Fail && len(denied) == 0:
		return fmt.Sprintf("nothing was denied (undecided: %v)", undecided)
	case c.Group == Fail && c.Paths != nil && !sameSet(c.Paths, denied):
		return fmt.Sprintf("denied %v, expected %v", unique(denied), c.Paths)
	case c.Group != Fail && len(denied) > 0:
		return fmt.Sprintf("denied %v: %s", denied, findings[0].Message)
	case c.Group == Undecided && len(undecided) == 0:
		return "it was decided"
	case (c.Group == Pass || c.Group == NearMiss) && len(undecided) > 0:
		return fmt.Sprintf("undecided because of %v", undecided)
	}
	return ""
}

// remedied tells how the remedy differs from the one that the case expects, and
// whether the rule is content with it.
func (t tester) remedied(ctx context.Context, e *evaluate.Evaluator, c Case) string {
	if c.After == nil {
		return ""
	}
	remedies := e.Remedies(ctx, c.Resources[0], true)
	if len(remedies) == 0 {
		return "the rule has no remedy for it"
	}
	got := resource.NewObjectProperty(remedies[0].Properties)
	if !got.DeepEquals(resource.NewObjectProperty(c.After)) {
		return fmt.Sprintf("the remedy makes %v of it", got.Mappable())
	}
	c.Resources = slices.Clone(c.Resources)
	c.Resources[0].Properties = remedies[0].Properties
	if findings := t.judge(ctx, e, c); len(findings) > 0 {
		return "the remedy does not satisfy the rule: " + findings[0].Message
	}
	return ""
}

func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func sameSet(a, b []string) bool { return slices.Equal(unique(a), unique(b)) }
