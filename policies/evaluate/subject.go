package evaluate

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
)

// subject is one resource before all rules of its type, with what they share.
type subject struct {
	resource *input.Resource
	document *document
	query    *query
	// sights has what the rules of each memo see of it, nil before it is asked for.
	sights []*sight
}

// sight is a resource as the rules of one memo see it: its keys there, and what
// they do not look into.
type sight struct {
	keys  []key
	names names
}

func newSubject(q *query, r *input.Resource) *subject {
	d := newDocument(r.Properties)
	return &subject{resource: r, document: &d, query: q, sights: make([]*sight, len(q.memos))}
}

// seen is what the rules of a memo see.
func (s *subject) seen(memo int) *sight {
	if s.sights[memo] == nil {
		made := &sight{names: names{plain: s.document.numbers}}
		made.keys = s.query.memos[memo].keys(s.resource, &made.names)
		s.sights[memo] = made
	}
	return s.sights[memo]
}

// names are what a rule, by its index, does not look into.
func (s *subject) names(rule int) *names { return &s.seen(s.query.of[rule]).names }

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
	if n := s.names(rule); n.misused(a.set) || n.misused(a.remedy) {
		return saying{err: "it makes a path or a value of what its METADATA calls a name"}
	}
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

// resourceInput is the input of a rule about one resource.
func resourceInput(r *input.Resource, properties ast.Value, stack string) ast.Value {
	return ast.NewObject(
		pair("urn", ast.StringTerm(r.URN)),
		pair("type", ast.StringTerm(r.Type)),
		pair("name", ast.StringTerm(r.Name)),
		pair("properties", ast.NewTerm(properties)),
		pair("protect", ast.InternedTerm(r.Protect)),
		pair("stack", ast.StringTerm(stack)),
	)
}

func pair(key string, value *ast.Term) [2]*ast.Term {
	return [2]*ast.Term{ast.InternedTerm(key), value}
}
