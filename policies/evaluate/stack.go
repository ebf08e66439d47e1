package evaluate

import (
	"context"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// stackType is the resource that holds the outputs of a program.
const stackType = "pulumi:pulumi:Stack"

// Stack returns what the rules about the whole stack say of its resources.
func (e *Evaluator) Stack(ctx context.Context, resources []input.Resource) []report.Finding {
	findings := e.judgeStack(ctx, resources)
	slices.SortFunc(findings, report.Compare)
	return findings
}

// judgeStack finds in no order, but those of one rule.
func (e *Evaluator) judgeStack(ctx context.Context, resources []input.Resource) []report.Finding {
	q := e.query(ctx, "")
	if len(q.rules) == 0 {
		return nil
	}
	g := newGraph(q, resources)
	var findings []report.Finding
	for id, a := range q.ask(ctx, e, g.input(e, q), q.all) {
		findings = append(findings, g.findings(e, &q.rules[q.index[id]], a)...)
	}
	for _, rule := range q.rules {
		findings = append(findings, g.unseen(e, &rule, findings)...)
	}
	return findings
}

// node is a resource that a rule about the stack looks at.
type node struct {
	resource input.Resource
	document document
	outputs  document
	links    map[string][]string
}

// graph is what rules about the stack see.
type graph struct {
	nodes []*node
	byURN map[string]*node
	leaks []leak
	// secrets are those of all resources: a rule may speak of several.
	secrets []string
}

func newGraph(q *query, resources []input.Resource) *graph {
	wanted := map[string]bool{stackType: true}
	for _, r := range resources {
		if _, known := wanted[r.Type]; !known {
			wanted[r.Type] = slices.ContainsFunc(q.rules, func(rule pack.Rule) bool { return matches(rule.ResourceTypes, r.Type) })
		}
	}
	leaks := make(chan []leak, 1)
	go func() { leaks <- findLeaks(resources) }()
	g := &graph{byURN: map[string]*node{}}
	for _, r := range resources {
		if !wanted[r.Type] {
			continue
		}
		n := &node{resource: r, document: newDocument(r.Properties), outputs: newDocument(r.Outputs)}
		g.nodes = append(g.nodes, n)
		g.byURN[r.URN] = n
		g.secrets = append(append(g.secrets, n.document.secrets...), n.outputs.secrets...)
	}
	slices.Sort(g.secrets)
	g.secrets = slices.Compact(g.secrets)
	g.identify()
	g.link()
	g.leaks = <-leaks
	return g
}

// input is the graph as Rego sees it.
func (g *graph) input(e *Evaluator, q *query) ast.Value {
	stack, readings := e.stack, readings(q, g.nodes)
	nodes := make([]*ast.Term, len(g.nodes))
	for i, n := range g.nodes {
		properties := n.document.seen(readings[n.resource.Type], nil)
		if e.tracer != nil { // who watches wants to see it all
			properties = n.document.value()
		}
		links := make([][2]*ast.Term, 0, len(n.links))
		for property, urns := range n.links {
			links = append(links, pair(property, texts(urns)))
		}
		secrets := make([]*ast.Term, 0, len(n.document.secretPaths))
		for _, path := range n.document.secretPaths {
			secrets = append(secrets, steps(path))
		}
		nodes[i] = ast.NewTerm(ast.NewObject(
			pair("urn", ast.StringTerm(n.resource.URN)),
			pair("type", ast.InternedTerm(n.resource.Type)),
			pair("name", ast.StringTerm(n.resource.Name)),
			pair("properties", ast.NewTerm(properties)),
			pair("outputs", ast.NewTerm(n.outputs.value())),
			pair("protect", ast.InternedTerm(n.resource.Protect)),
			pair("parent", ast.StringTerm(n.resource.Parent)),
			pair("links", ast.NewTerm(ast.NewObject(links...))),
			pair("secrets", ast.ArrayTerm(secrets...)),
		))
	}
	leaks := make([]*ast.Term, len(g.leaks))
	for i, l := range g.leaks {
		leaks[i] = ast.ObjectTerm(
			pair("resource", ast.StringTerm(l.urn)), pair("path", steps(l.path)),
			pair("from", ast.StringTerm(l.from)), pair("from_path", steps(l.fromPath)),
		)
	}
	return ast.NewObject(
		pair("stack", ast.StringTerm(stack)),
		pair("resources", ast.ArrayTerm(nodes...)),
		pair("leaks", ast.ArrayTerm(leaks...)),
	)
}

func texts(list []string) *ast.Term {
	terms := make([]*ast.Term, len(list))
	for i, text := range list {
		terms[i] = ast.StringTerm(text)
	}
	return ast.ArrayTerm(terms...)
}

func steps(path resource.PropertyPath) *ast.Term {
	terms := make([]*ast.Term, len(path))
	for i, step := range path {
		if index, is := step.(int); is {
			terms[i] = ast.InternedTerm(index)
		} else {
			terms[i] = ast.StringTerm(fmt.Sprint(step))
		}
	}
	return ast.ArrayTerm(terms...)
}

// judge is the judgement of a rule on one node.
func (g *graph) judge(e *Evaluator, rule *pack.Rule, n *node) *judgement {
	// A value that is known explains no unknown one beside it: only Pulumi's own
	// word counts.
	linked := map[string]bool{}
	for property, urns := range n.resource.PropertyDependencies {
		linked[property] = slices.ContainsFunc(urns, func(urn string) bool { return g.byURN[urn] != nil })
	}
	return &judgement{
		evaluator: e, rule: rule, reads: readsOf(rule, n.resource.Type), resource: &n.resource, document: &n.document, linked: linked,
	}
}

// findings hands each denial to the resource that it is about.
func (g *graph) findings(e *Evaluator, rule *pack.Rule, a answer) []report.Finding {
	whole := &node{}
	by, order := map[*node]answer{}, []*node{}
	add := func(n *node, item any) {
		if _, known := by[n]; !known {
			order = append(order, n)
		}
		by[n] = answer{set: append(by[n].set, item)}
	}
	if a.err != nil {
		return g.judge(e, rule, whole).findings(nil, parse(a))
	}
	for _, item := range a.set {
		fields, _ := item.(map[string]any)
		urn, _ := fields["resource"].(string)
		n := g.byURN[urn]
		if n == nil {
			a.err = fmt.Errorf("a denial names no resource of the stack")
			return g.judge(e, rule, whole).findings(nil, parse(a))
		}
		add(n, item)
	}
	hidden := g.blind(e, rule)
	var findings []report.Finding
	for _, n := range order {
		j := g.judge(e, rule, n)
		if hidden != "" {
			findings = append(findings, j.finding(report.Undecided, nil, "", hidden))
			continue
		}
		for _, f := range j.findings(nil, parse(by[n])) {
			f.Message = redact(f.Message, g.secrets)
			findings = append(findings, f)
		}
	}
	return findings
}

// blind names a value that a rule looks at and nobody knows, on whichever
// resource: what seems to lack a flow log may be what an unknown VPC ID means.
// It is "" when there is none.
func (g *graph) blind(e *Evaluator, rule *pack.Rule) string {
	for _, n := range g.nodes {
		if len(n.document.holes) == 0 || !matches(rule.ResourceTypes, n.resource.Type) {
			continue
		}
		j := g.judge(e, rule, n)
		for _, h := range n.document.holes {
			if j.looksAt(h) {
				return j.undecided(h).Message + " of " + n.resource.Name
			}
		}
	}
	return ""
}

// unseen is what a rule about the stack says of resources on which it has not
// seen everything it looks at.
func (g *graph) unseen(e *Evaluator, rule *pack.Rule, findings []report.Finding) []report.Finding {
	blind := func(n *node) bool { return len(n.document.holes) > 0 }
	if !slices.ContainsFunc(g.nodes, blind) {
		return nil
	}
	said := map[string]bool{}
	for i := range findings {
		if findings[i].Rule == rule.ID {
			said[findings[i].Resource] = true
		}
	}
	var more []report.Finding
	for _, n := range g.nodes {
		if blind(n) && !said[n.resource.URN] && matches(rule.ResourceTypes, n.resource.Type) {
			more = append(more, g.judge(e, rule, n).unseen()...)
		}
	}
	return more
}
