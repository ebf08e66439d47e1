package gate

import (
	"errors"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
)

// errNobodyLooked is why the zero Found has nothing.
var errNobodyLooked = errors.New("nobody looked")

// Found is a piece of evidence, or why there is none. The zero value is that
// nobody looked.
type Found[T any] struct {
	value T
	err   error
	have  bool
}

// Have is evidence.
func Have[T any](value T) Found[T] { return Found[T]{value: value, have: true} }

// Missing is why there is no evidence.
func Missing[T any](err error) Found[T] { return Found[T]{err: err} }

// Read is evidence from what a function returns: a value or an error.
func Read[T any](value T, err error) Found[T] {
	if err != nil {
		return Missing[T](err)
	}
	return Have(value)
}

// Get is the value, or why there is none.
func (f Found[T]) Get() (T, error) {
	switch {
	case f.have:
		return f.value, nil
	case f.err != nil:
		return f.value, f.err
	}
	return f.value, errNobodyLooked
}

// Candidate is what wants in.
type Candidate struct {
	Ref plugins.Ref
	// Integrity is what configuration says that the tarball is; zero for none,
	// which is refused.
	Integrity plugins.Integrity
	// Strategy is how it reaches the portal; dynamic when it is empty.
	Strategy plugins.Strategy
	// Manifest is what the registry says of it.
	Manifest Found[npm.Manifest]
	// Tarball is what is in it. The error of a package that must not be opened is
	// a [*tarball.Refusal].
	Tarball Found[tarball.Listing]
}

// Sources are what a candidate is held against.
type Sources struct {
	// Now is the time of the check: exceptions and knowledge grow old.
	Now time.Time
	// Keys are the registry's keys for signatures.
	Keys Found[[]npm.Key]
	// Provenance is the candidate's verified attestation; only asked for when the
	// policy wants one.
	Provenance Found[Provenance]
	// Advisories knows vulnerabilities.
	Advisories Found[advisory.Source]
	// Host is the Backstage that is to load it.
	Host Found[Host]
}

// Case is a candidate with all that the steps share.
type Case struct {
	Candidate
	Sources
	Policy Policy
	rules  rules // of this plugin
	// own is the tarball's package.json; bundled are those under node_modules.
	own     Found[npm.Package]
	bundled []Bundled
}

func newCase(candidate Candidate, policy Policy, sources Sources) *Case {
	if candidate.Strategy == "" {
		candidate.Strategy = plugins.Dynamic
	}
	c := &Case{Candidate: candidate, Sources: sources, Policy: policy, rules: policy.rulesOf(candidate.Ref.Name)}
	listing, err := candidate.Tarball.Get()
	if err != nil {
		c.own = Missing[npm.Package](err)
		return c
	}
	c.own = ownPackage(listing)
	c.bundled = bundledPackages(listing)
	return c
}

// exception is the policy's for a problem.
func (c *Case) exception(step string, p problem) (Exception, bool) {
	if p.final {
		return Exception{}, false
	}
	for _, e := range c.rules.accept {
		if e.Step == step && e.ID == p.id && (e.Version == "" || e.Version == c.Ref.Version) && e.Expires.covers(c.Now) {
			return e, true
		}
	}
	return Exception{}, false
}

// dynamic tells whether the running portal loads it from a directory.
func (c *Case) dynamic() bool { return c.Strategy != plugins.Rebuild }
