package evaluate

import (
	"context"
	"fmt"
	"slices"
)

// recall returns what every rule says of a resource, and asks only those rules
// that have not said it before.
func (q *query) recall(ctx context.Context, e *Evaluator, s *subject) []saying {
	said := make([]saying, len(q.rules))
	if e.tracer != nil { // who watches wants to see it all
		for id, a := range q.ask(ctx, e, resourceInput(s.resource, s.document.value(), e.stack), q.all) {
			said[q.index[id]] = s.parse(q.index[id], a)
		}
		return said
	}
	for i := range q.memos {
		if !q.recallFrom(ctx, e, s, i, said) {
			return nil
		}
	}
	return said
}

// recallFrom is recall of the rules of one memo; it is false when ctx is done.
func (q *query) recallFrom(ctx context.Context, e *Evaluator, s *subject, memo int, said []saying) bool {
	m, seen := q.memos[memo], s.seen(memo)
	var missing []int
	m.mu.Lock()
	for i, k := range seen.keys {
		remembered, known := m.answers[k]
		if !known {
			missing = append(missing, i)
			continue
		}
		for n, rule := range m.views[i].rules {
			said[rule] = remembered[n]
		}
	}
	some := m.subset(ctx, e, q, missing)
	m.mu.Unlock()
	if len(missing) == 0 {
		return true
	}
	answers := q.ask(ctx, e, resourceInput(s.resource, s.document.seen(some.reading, &seen.names), e.stack), some.prepared)
	if ctx.Err() != nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range missing {
		rules := m.views[i].rules
		heard := make([]saying, len(rules))
		for n, rule := range rules {
			if a, says := answers[q.rules[rule].ID]; says {
				heard[n] = s.parse(rule, a)
			}
			said[rule] = heard[n]
		}
		if len(m.answers) < most {
			m.answers[seen.keys[i]] = heard
		}
	}
	return true
}

// subset returns the queries for the rules of the views that are missing, or for
// all rules; nothing where none is missing. m.mu is held.
func (m *memo) subset(ctx context.Context, e *Evaluator, q *query, missing []int) subset {
	if len(missing) == 0 {
		return subset{}
	}
	if len(missing) < len(m.views) {
		if s := m.often(ctx, e, q, missing); s != nil {
			return *s
		}
	}
	if m.all == nil {
		m.all = e.prepareAll(ctx, q.some(m.rules))
	}
	return subset{prepared: m.all, reading: m.reading}
}

// often returns the queries for some views that are asked for often enough; nil for
// others. m.mu is held.
func (m *memo) often(ctx context.Context, e *Evaluator, q *query, views []int) *subset {
	name := fmt.Sprint(views)
	s := m.subsets[name]
	if s == nil {
		if len(m.subsets) >= subsets {
			return nil
		}
		s = &subset{}
		m.subsets[name] = s
	}
	s.asked++
	if s.prepared == nil && s.asked >= worth {
		var rules, reads []int
		for _, i := range views {
			rules = append(rules, m.views[i].rules...)
			reads = append(reads, m.views[i].reads...)
		}
		slices.Sort(reads)
		s.prepared, s.reading = e.prepareAll(ctx, q.some(rules)), newReading(m.paths, slices.Compact(reads), 0)
	}
	if s.prepared == nil {
		return nil
	}
	return s
}
