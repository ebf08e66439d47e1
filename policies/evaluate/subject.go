package evaluate

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
)

// subject is one resource before all rules of its type, with what they share.
type subject struct {
	resource *input.Resource
	document *document
	query    *query
	hashed   []key
}

func newSubject(q *query, r *input.Resource) *subject {
	d := newDocument(r.Properties)
	return &subject{resource: r, document: &d, query: q}
}

// keys are the resource's in the memo.
func (s *subject) keys() []key {
	if s.hashed == nil {
		s.hashed = s.query.memo.keys(s.resource)
	}
	return s.hashed
}

// denial is one element of what a rule denies.
type denial struct {
	path resource.PropertyPath
	// at is the path as text.
	at, message string
}

// saying is what one rule says of a resource, or why it says nothing.
type saying struct {
	denials []denial
	err     string
	// remedied is what it would make of the resource, nil when it has not said so
	// together with what it denies.
	remedied *remedied
}

// parse reads the answer of a rule, by its index, with what it would change.
func (s *subject) parse(rule int, a answer) saying {
	said := parse(a)
	if a.asked && said.err == "" {
		made := s.remedied(rule, parseChanges(a.remedy))
		said.remedied = &made
	}
	return said
}

// parse reads the answer of a rule.
func parse(a answer) saying {
	if a.err != nil {
		return saying{err: firstLine(a.err)}
	}
	s := saying{denials: make([]denial, len(a.set))}
	for i, item := range a.set {
		path, message, err := parseDenial(item)
		if err != nil {
			return saying{err: err.Error()}
		}
		s.denials[i] = denial{path, path.String(), message}
	}
	return s
}
