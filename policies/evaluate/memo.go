package evaluate

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
)

// memo remembers what the rules of a type have said. A rule says the same of two
// resources that agree in all it reads, and most resources of a stack do: a
// thousand Deployments have one security context. What a rule reads is in its
// METADATA, to which its cases hold it.
type memo struct {
	// paths are the distinct properties that the rules read, and reading has all
	// of them.
	paths   []resource.PropertyPath
	reading *reading
	// views are the distinct ways to look at a resource; of has the view of each
	// rule.
	views []view
	of    []int

	mu      sync.Mutex
	answers map[key][]saying
	changes map[key]remedied
	subsets map[string]*subset
}

// view is a way to look at a resource that some rules share: they read the same
// properties.
type view struct {
	// rules and reads are indexes of rules and paths; identity is whether the
	// rules look at what the resource is called.
	rules, reads []int
	identity     bool
}

// key is a view, or a rule where something is remembered of rules, and the hash
// of all that is read.
type key struct {
	of   int
	hash uint64
}

// subset is a query for some of the rules, which is worth its preparation when
// the same ones are asked again and again.
type subset struct {
	asked    int
	prepared []prepared
	// reading is what they read.
	reading *reading
}

const (
	// most answers are kept for a type; what comes later is computed anew.
	most = 1 << 17
	// worth is how often a subset of rules must be asked for before it has a
	// query of its own, and subsets how many have one.
	worth, subsets = 3, 16
)

func newMemo(p *pack.Pack, q *query) *memo {
	m := &memo{answers: map[key][]saying{}, changes: map[key]remedied{}, subsets: map[string]*subset{}}
	var ids []int
	index, views := map[string]int{}, map[string]int{}
	for i, rule := range q.rules {
		wanted := q.reads[i]
		if len(wanted) == 0 {
			wanted = []pack.Read{{}} // it does not say: everything
		}
		v := view{identity: p.Identifies(rule)}
		for _, read := range wanted {
			name := read.Path.String()
			if _, known := index[name]; !known {
				index[name] = len(m.paths)
				ids = append(ids, len(m.paths))
				m.paths = append(m.paths, read.Path)
			}
			v.reads = append(v.reads, index[name])
		}
		name := fmt.Sprint(v.identity, v.reads)
		if _, known := views[name]; !known {
			views[name] = len(m.views)
			m.views = append(m.views, v)
		}
		at := views[name]
		m.of = append(m.of, at)
		m.views[at].rules = append(m.views[at].rules, i)
	}
	m.reading = newReading(m.paths, ids, 0)
	return m
}

// keys are the keys of every view for a resource.
func (m *memo) keys(r *input.Resource) []key {
	values := make(hashes, len(m.paths))
	values.walk(m.reading, resource.NewObjectProperty(r.Properties), 0)
	identity := uint64(0)
	keys := make([]key, len(m.views))
	for i, v := range m.views {
		hash := uint64(1)
		if v.identity {
			if identity == 0 {
				identity = maphash.Comparable(seed, [3]any{r.URN, r.Name, r.Protect})
			}
			hash = identity
		}
		for _, read := range v.reads {
			hash = mix(hash, values[read])
		}
		keys[i] = key{i, hash}
	}
	return keys
}

// only is what one rule reads.
func (m *memo) only(rule int) *reading {
	return newReading(m.paths, slices.Compact(slices.Sorted(slices.Values(m.views[m.of[rule]].reads))), 0)
}

// remember returns what compute makes of a resource for a rule, which is asked
// only once for all that agree in what the rule reads; keys are the resource's.
func (m *memo) remember(rule int, keys []key, compute func() remedied) remedied {
	k := key{rule, keys[m.of[rule]].hash}
	m.mu.Lock()
	remedy, known := m.changes[k]
	m.mu.Unlock()
	if known {
		return remedy
	}
	remedy = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.changes) < most {
		m.changes[k] = remedy
	}
	return remedy
}

// recall returns what every rule says of a resource, and asks only those rules
// that have not said it before.
func (q *query) recall(ctx context.Context, e *Evaluator, s *subject) []saying {
	said := make([]saying, len(q.rules))
	if e.tracer != nil { // who watches wants to see it all
		for id, a := range q.ask(ctx, e, resourceInput(s.resource, s.document.value(), e.stack), nil) {
			said[q.index[id]] = s.parse(q.index[id], a)
		}
		return said
	}
	var missing []int
	q.memo.mu.Lock()
	for i, k := range s.keys() {
		remembered, known := q.memo.answers[k]
		if !known {
			missing = append(missing, i)
			continue
		}
		for n, rule := range q.memo.views[i].rules {
			said[rule] = remembered[n]
		}
	}
	some := q.memo.subset(ctx, e, q, missing)
	q.memo.mu.Unlock()
	if len(missing) == 0 {
		return said
	}
	answers := q.ask(ctx, e, resourceInput(s.resource, s.document.seen(some.reading), e.stack), some.prepared)
	if ctx.Err() != nil {
		return nil
	}
	q.memo.mu.Lock()
	defer q.memo.mu.Unlock()
	for _, i := range missing {
		rules := q.memo.views[i].rules
		heard := make([]saying, len(rules))
		for n, rule := range rules {
			if a, says := answers[q.rules[rule].ID]; says {
				heard[n] = s.parse(rule, a)
			}
			said[rule] = heard[n]
		}
		if len(q.memo.answers) < most {
			q.memo.answers[s.keys()[i]] = heard
		}
	}
	return said
}

// subset returns the queries for the rules of the views that are missing; none
// when all rules are to be asked. m.mu is held.
func (m *memo) subset(ctx context.Context, e *Evaluator, q *query, missing []int) subset {
	whole := subset{reading: m.reading}
	if len(missing) == 0 || len(missing) == len(m.views) {
		return whole
	}
	name := fmt.Sprint(missing)
	s := m.subsets[name]
	if s == nil {
		if len(m.subsets) >= subsets {
			return whole
		}
		s = &subset{}
		m.subsets[name] = s
	}
	s.asked++
	if s.prepared == nil && s.asked >= worth {
		var rules []pack.Rule
		var reads []int
		for _, i := range missing {
			for _, rule := range m.views[i].rules {
				rules = append(rules, q.rules[rule])
			}
			reads = append(reads, m.views[i].reads...)
		}
		slices.Sort(reads)
		s.prepared, s.reading = e.prepareAll(ctx, rules), newReading(m.paths, slices.Compact(reads), 0)
	}
	if s.prepared == nil {
		return whole
	}
	return *s
}
