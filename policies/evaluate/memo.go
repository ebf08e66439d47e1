package evaluate

import (
	"fmt"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
)

// memo remembers what those rules of a type have said that take the same texts for
// names. A rule says the same of two resources that agree in all it reads, and most
// resources of a stack do: a thousand Deployments have one security context. What a
// rule reads is in its METADATA, to which its cases hold it.
type memo struct {
	// rules are those of the query, by index, and all are the queries for them, nil
	// before they are asked.
	rules []int
	all   []prepared
	// paths are the distinct properties that the rules read, and reading has all
	// of them.
	paths   []resource.PropertyPath
	reading *reading
	// views are the distinct ways to look at a resource; of has the view of each
	// rule.
	views []view
	of    map[int]int

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

// newMemos shares the rules of a query out to memos, and tells which one each is in.
func newMemos(p *pack.Pack, q *query) (memos []*memo, of []int) {
	byNames := map[string]int{}
	for i := range q.rules {
		var named []pack.Read
		for _, read := range q.reads[i] {
			if read.Name != "" {
				named = append(named, read)
			}
		}
		name := fmt.Sprint(named)
		if _, known := byNames[name]; !known {
			byNames[name] = len(memos)
			memos = append(memos, &memo{of: map[int]int{}, answers: map[key][]saying{}, changes: map[key]remedied{}, subsets: map[string]*subset{}})
		}
		of = append(of, byNames[name])
		memos[of[i]].rules = append(memos[of[i]].rules, i)
	}
	for _, m := range memos {
		m.look(p, q)
	}
	return memos, of
}

// look finds out how the rules look at a resource.
func (m *memo) look(p *pack.Pack, q *query) {
	var ids []int
	index, views := map[string]int{}, map[string]int{}
	for _, i := range m.rules {
		rule := q.rules[i]
		wanted := q.reads[i]
		if len(wanted) == 0 {
			wanted = []pack.Read{{}} // it does not say: everything
		}
		v := view{identity: p.Identifies(rule)}
		for _, read := range wanted {
			path, name := read.Path, string(read.Name)+" "+read.Path.String()
			if read.Name != "" {
				path = child(path, read.Name)
			}
			if _, known := index[name]; !known {
				index[name] = len(m.paths)
				ids = append(ids, len(m.paths))
				m.paths = append(m.paths, path)
			}
			v.reads = append(v.reads, index[name])
		}
		name := fmt.Sprint(v.identity, v.reads)
		if _, known := views[name]; !known {
			views[name] = len(m.views)
			m.views = append(m.views, v)
		}
		at := views[name]
		m.of[i] = at
		m.views[at].rules = append(m.views[at].rules, i)
	}
	m.reading = newReading(m.paths, ids, 0)
}

// keys are the keys of every view for a resource, whose names it gathers.
func (m *memo) keys(r *input.Resource, n *names) []key {
	values := make(hashes, len(m.paths))
	values.walk(m.reading, resource.NewObjectProperty(r.Properties), n, 0)
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
