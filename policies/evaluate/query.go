package evaluate

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"

	"gatehouse/policies/pack"
	"gatehouse/report"
)

// query asks all rules of one type at once, so that what they have in common is
// computed once.
type query struct {
	rules []pack.Rule
	// index finds a rule by ID; reads are what each reads of this type.
	index map[string]int
	reads [][]pack.Read
	// all has one query for each part of the pack: for the stack, and for who is
	// traced.
	all []prepared
	// memos remember what rules have said of single resources; of has the memo of
	// each rule.
	memos []*memo
	of    []int
}

// some are the rules with some indexes.
func (q *query) some(indexes []int) []pack.Rule {
	rules := make([]pack.Rule, len(indexes))
	for i, index := range indexes {
		rules[i] = q.rules[index]
	}
	return rules
}

// prepared is a query about rules that is ready, or why it is not.
type prepared struct {
	rules []pack.Rule
	query rego.PreparedEvalQuery
	err   error
}

// query returns the query of a type, "" for the stack's, which is made once.
func (e *Evaluator) query(ctx context.Context, typ string) *query {
	e.mu.Lock()
	made := e.queries[typ]
	if made == nil {
		made = sync.OnceValue(func() *query { return e.newQuery(context.WithoutCancel(ctx), typ) })
		e.queries[typ] = made
	}
	e.mu.Unlock()
	return made()
}

func (e *Evaluator) newQuery(ctx context.Context, typ string) *query {
	q := &query{index: map[string]int{}}
	for _, rule := range e.pack.Rules {
		if e.Level(rule.ID) == report.Disabled || !applies(rule, typ) {
			continue
		}
		q.index[rule.ID] = len(q.rules)
		q.rules = append(q.rules, rule)
		q.reads = append(q.reads, e.knownNames(&rule, readsOf(&rule, typ)))
	}
	if typ == "" || e.tracer != nil {
		q.all = e.prepareAll(ctx, q.rules)
	}
	if typ != "" {
		q.memos, q.of = newMemos(e.pack, q)
	}
	return q
}

func applies(rule pack.Rule, typ string) bool {
	return rule.Graph == (typ == "") && (rule.Graph || matches(rule.ResourceTypes, typ))
}

func matches(patterns []string, typ string) bool {
	for _, pattern := range patterns {
		if pack.Matches(pattern, typ) {
			return true
		}
	}
	return false
}

func readsOf(rule *pack.Rule, typ string) []pack.Read {
	var reads []pack.Read
	for _, read := range rule.Reads {
		if typ == "" || pack.Matches(read.Type, typ) {
			reads = append(reads, read)
		}
	}
	return reads
}

// alone is the query for one set of one rule.
func (e *Evaluator) alone(ctx context.Context, name string, rule pack.Rule) prepared {
	key := name + " " + rule.ID
	if made, known := e.single.Load(key); known {
		return made.(prepared)
	}
	made := e.prepare(ctx, name, false, rule)
	e.single.Store(key, made)
	return made
}

// The variables that an aggregate query binds: what each rule says, and what each
// would set where it denies.
const answers, remedies = "answers", "remedies"

// prepareAll makes a query for each part of the pack that the rules are of.
func (e *Evaluator) prepareAll(ctx context.Context, rules []pack.Rule) []prepared {
	byPart := map[string][]pack.Rule{}
	for _, rule := range rules {
		byPart[rule.Part] = append(byPart[rule.Part], rule)
	}
	var all []prepared
	for _, rules := range byPart {
		all = append(all, e.prepare(ctx, denySet, true, rules...))
	}
	return all
}

// prepare makes one query for a set of several rules of one part: answers =
// {ID: set, …}. With what they deny it may ask what they would set, which shares
// most of the work: remedies = {ID: [set | deny != set()], …}.
func (e *Evaluator) prepare(ctx context.Context, name string, withRemedies bool, rules ...pack.Rule) prepared {
	var said, set [][2]*ast.Term
	for _, rule := range rules {
		of := func(name string) *ast.Term { return ast.NewTerm(rule.Package.Append(ast.StringTerm(name))) }
		said = append(said, [2]*ast.Term{ast.StringTerm(rule.ID), of(name)})
		if withRemedies && rule.Remedies && !rule.Graph {
			denies := ast.NewBody(ast.NotEqual.Expr(of(denySet), ast.SetTerm()))
			set = append(set, [2]*ast.Term{ast.StringTerm(rule.ID), ast.ArrayComprehensionTerm(of(remedySet), denies)})
		}
	}
	body := ast.NewBody(ast.Equality.Expr(ast.VarTerm(answers), ast.ObjectTerm(said...)))
	if len(set) > 0 {
		body.Append(ast.Equality.Expr(ast.VarTerm(remedies), ast.ObjectTerm(set...)))
	}
	p := prepared{rules: rules}
	compiler, err := e.pack.Compiler(rules[0].Part)
	if err != nil {
		p.err = err
		return p
	}
	p.query, p.err = rego.New(
		rego.Compiler(compiler), rego.Store(e.store), rego.ParsedQuery(body), rego.StrictBuiltinErrors(true),
	).PrepareForEval(ctx)
	return p
}

// The sets that a rule may have.
const denySet, remedySet = "deny", "remedy"

// answer is what one rule says: its set, or why it has none.
type answer struct {
	set []any
	err error
	// remedy is what it would set; it counts where asked.
	remedy []any
	asked  bool
}

// ask returns the answer of every rule of some queries that has something to say.
func (q *query) ask(ctx context.Context, e *Evaluator, in ast.Value, some []prepared) map[string]answer {
	found := map[string]answer{}
	for _, p := range some {
		answers, err := p.ask(ctx, e, in)
		if err != nil && ctx.Err() == nil {
			answers = e.askEach(ctx, p.rules, in)
		}
		maps.Copy(found, answers)
	}
	return found
}

// askEach asks each rule alone: one of them fails, and the rest with it.
func (e *Evaluator) askEach(ctx context.Context, rules []pack.Rule, in ast.Value) map[string]answer {
	found := map[string]answer{}
	for _, rule := range rules {
		one, err := e.alone(ctx, denySet, rule).ask(ctx, e, in)
		if err != nil {
			found[rule.ID] = answer{err: err}
		} else if a, says := one[rule.ID]; says {
			found[rule.ID] = a
		}
	}
	return found
}

func (p prepared) ask(ctx context.Context, e *Evaluator, in ast.Value) (found map[string]answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("evaluate: panic: %v", r)
		}
	}()
	if p.err != nil {
		return nil, fmt.Errorf("prepare: %w", p.err)
	}
	// Of its own accord each evaluation would wait for the context by a goroutine.
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	options := []rego.EvalOption{rego.EvalParsedInput(in), rego.EvalExternalCancel(cancel)}
	if e.tracer != nil {
		options = append(options, rego.EvalQueryTracer(e.tracer))
	}
	results, err := p.query.Eval(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	found = map[string]answer{}
	for _, result := range results {
		sets, _ := result.Bindings[answers].(map[string]any)
		changes, _ := result.Bindings[remedies].(map[string]any)
		for id, set := range sets {
			list, _ := set.([]any)
			if len(list) == 0 {
				continue
			}
			a := answer{set: list}
			if held, _ := changes[id].([]any); len(held) > 0 {
				a.remedy, a.asked = held[0].([]any)
			}
			found[id] = a
		}
	}
	return found, nil
}
