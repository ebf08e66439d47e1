package evaluate

import (
	"context"
	"hash/maphash"
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
	// paths are the distinct properties that the rules read.
	paths []resource.PropertyPath
	// reads are the indexes of paths for each rule, and identity whether it
	// looks at what the resource is called.
	reads    [][]int
	identity []bool

	mu      sync.Mutex
	answers map[key]answer
	changes map[key][]change
	subsets map[string]*subset
}

// key is a rule, and the hash of all it reads.
type key struct {
	rule int
	hash uint64
}

// subset is a query for some of the rules, which is worth its preparation when
// the same ones are asked again and again.
type subset struct {
	asked    int
	prepared []prepared
}

const (
	// most answers are kept for a type; what comes later is computed anew.
	most = 1 << 17
	// worth is how often a subset of rules must be asked for before it has a
	// query of its own, and subsets how many have one.
	worth, subsets = 3, 16
)

// seed makes the hashes of this process unlike those of any other: nobody can
// prepare two resources that pass for one.
var seed = maphash.MakeSeed()

func newMemo(p *pack.Pack, q *query) *memo {
	m := &memo{answers: map[key]answer{}, changes: map[key][]change{}, subsets: map[string]*subset{}}
	index := map[string]int{}
	for i, rule := range q.rules {
		m.identity = append(m.identity, p.Identifies(rule))
		wanted := q.reads[i]
		if len(wanted) == 0 {
			wanted = []pack.Read{{}} // it does not say: everything
		}
		var reads []int
		for _, read := range wanted {
			name := read.Path.String()
			if _, known := index[name]; !known {
				index[name] = len(m.paths)
				m.paths = append(m.paths, read.Path)
			}
			reads = append(reads, index[name])
		}
		m.reads = append(m.reads, reads)
	}
	return m
}

// keys are the keys of every rule for a resource.
func (m *memo) keys(r input.Resource) []key {
	values := make([]uint64, len(m.paths))
	root := resource.NewObjectProperty(r.Properties)
	for i, path := range m.paths {
		values[i] = hashOf(root, path)
	}
	keys := make([]key, len(m.reads))
	for i := range m.reads {
		keys[i] = m.key(i, r, func(path int) uint64 { return values[path] })
	}
	return keys
}

// key is that of one rule.
func (m *memo) key(rule int, r input.Resource, value func(path int) uint64) key {
	hash := uint64(1)
	if m.identity[rule] {
		hash = maphash.Comparable(seed, [3]any{r.URN, r.Name, r.Protect})
	}
	for _, read := range m.reads[rule] {
		hash = maphash.Comparable(seed, [2]uint64{hash, value(read)})
	}
	return key{rule, hash}
}

// remember returns what compute makes of a resource for a rule, which is asked
// only once for all that agree in what the rule reads.
func (m *memo) remember(rule int, r input.Resource, compute func() []change) []change {
	root := resource.NewObjectProperty(r.Properties)
	k := m.key(rule, r, func(path int) uint64 { return hashOf(root, m.paths[path]) })
	m.mu.Lock()
	changes, known := m.changes[k]
	m.mu.Unlock()
	if known {
		return changes
	}
	changes = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.changes) < most {
		m.changes[k] = changes
	}
	return changes
}

// recall is ask, of which only those rules are asked that have not said it
// before.
func (q *query) recall(ctx context.Context, e *Evaluator, r input.Resource, d document) map[string]answer {
	if e.tracer != nil { // who watches wants to see it all
		return q.ask(ctx, e, resourceInput(r, d.value(), e.stack), nil)
	}
	keys := q.memo.keys(r)
	found := map[string]answer{}
	missing := make([]byte, len(keys))
	count := 0
	q.memo.mu.Lock()
	for i, k := range keys {
		a, known := q.memo.answers[k]
		switch {
		case !known:
			missing[i] = 1
			count++
		case a.err != nil || len(a.set) > 0:
			found[q.rules[i].ID] = a
		}
	}
	some := q.memo.subset(ctx, e, q, missing, count)
	q.memo.mu.Unlock()
	if count == 0 {
		return found
	}
	answers := q.ask(ctx, e, resourceInput(r, d.value(), e.stack), some)
	if ctx.Err() != nil {
		return nil
	}
	q.memo.mu.Lock()
	defer q.memo.mu.Unlock()
	for i, k := range keys {
		if missing[i] == 0 {
			continue
		}
		a, says := answers[q.rules[i].ID]
		if says {
			found[q.rules[i].ID] = a
		}
		if len(q.memo.answers) < most {
			q.memo.answers[k] = a
		}
	}
	return found
}

// subset returns the queries for the rules that are missing, nil for all rules;
// m.mu is held.
func (m *memo) subset(ctx context.Context, e *Evaluator, q *query, missing []byte, count int) []prepared {
	if count == 0 || count == len(missing) {
		return nil
	}
	s := m.subsets[string(missing)]
	if s == nil {
		if len(m.subsets) >= subsets {
			return nil
		}
		s = &subset{}
		m.subsets[string(missing)] = s
	}
	s.asked++
	if s.prepared == nil && s.asked >= worth {
		var rules []pack.Rule
		for i, rule := range q.rules {
			if missing[i] == 1 {
				rules = append(rules, rule)
			}
		}
		s.prepared = e.prepareAll(ctx, rules)
	}
	return s.prepared
}
