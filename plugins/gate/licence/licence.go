// Package licence tells whether a licence, as a package.json writes it, is one that
// a list of SPDX identifiers allows.
//
// It judges what the package says of itself. Whether its files say the same is not
// looked at; reading a package.json is plugins/npm's.
package licence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp"
)

// List is the licences that are allowed. Make it with [NewList].
type List struct{ allowed []string }

// NewList takes SPDX identifiers, each alone or WITH an exception, and
// LicenseRef-… for licences of one's own. One that SPDX does not know is an error:
// a slip of the pen would refuse, or allow, what nobody meant.
func NewList(allowed []string) (List, error) {
	for _, each := range allowed {
		words := split(each)
		if !slices.Contains([]int{1, 3}, len(words)) || len(words) == 3 && words[1] != with {
			return List{}, fmt.Errorf("%q is no single SPDX licence: list the parts of an expression one by one", each)
		}
		if !known(each) {
			return List{}, fmt.Errorf("%q is no SPDX licence: see spdx.org/licenses, or name your own LicenseRef-NAME", each)
		}
	}
	return List{slices.Clone(allowed)}, nil
}

// Allows tells whether an SPDX expression (SPDX 2.3, annex D) can be used under
// allowed licences alone: of OR one side suffices, AND wants both, WITH belongs to
// the licence before it. AND binds more tightly. What is no such expression is an
// error, which says what it is.
func (l List) Allows(expression string) (bool, error) {
	switch upper := strings.ToUpper(strings.TrimSpace(expression)); {
	case upper == "UNLICENSED":
		return false, fmt.Errorf("is UNLICENSED: its owner gives nobody else a right to use it")
	case strings.HasPrefix(upper, "SEE LICENSE IN "):
		return false, fmt.Errorf("has a licence of its own (%q): somebody must read that file", short(expression))
	}
	p := parser{words: split(expression), list: l}
	allowed, err := p.or(0)
	switch {
	case err != nil:
		return false, fmt.Errorf("%q is no SPDX expression: %w", short(expression), err)
	case len(p.words) > 0:
		return false, fmt.Errorf("%q is no SPDX expression: %q has no place there", short(expression), short(p.words[0]))
	}
	return allowed, nil
}

const (
	with    = "WITH"
	maxDeep = 64
)

// parser walks an expression and evaluates it on the way. The library's own
// evaluation (v2.3.3) writes out every combination of an expression, of which a
// stranger's 500 bytes make too many, and gets some brackets within brackets wrong.
// It judges the single licences here.
type parser struct {
	words []string
	list  List
}

func (p *parser) take(word string) bool {
	if len(p.words) == 0 || p.words[0] != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) or(depth int) (bool, error) {
	left, err := p.and(depth)
	for err == nil && p.take("OR") {
		var right bool
		right, err = p.and(depth)
		left = left || right
	}
	return left, err
}

func (p *parser) and(depth int) (bool, error) {
	left, err := p.one(depth)
	for err == nil && p.take("AND") {
		var right bool
		right, err = p.one(depth)
		left = left && right
	}
	return left, err
}

// licenceWord is an identifier, perhaps with "or any later version" behind it.
var licenceWord = regexp.MustCompile(`^((DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+|[A-Za-z0-9][A-Za-z0-9.-]*\+?)$`)

// known tells whether SPDX has a licence. The library (v2.3.3) panics at a document
// without a licence, which is none.
func known(name string) bool {
	if !licenceWord.MatchString(split(name)[0]) || strings.HasPrefix(name, "DocumentRef-") && !strings.Contains(name, ":") {
		return false
	}
	ok, _ := spdxexp.ValidateLicenses([]string{name})
	return ok
}

func (p *parser) one(depth int) (bool, error) {
	if depth > maxDeep {
		return false, fmt.Errorf("more than %d brackets in one another", maxDeep)
	}
	if p.take("(") {
		allowed, err := p.or(depth + 1)
		if err == nil && !p.take(")") {
			err = fmt.Errorf("a bracket is not closed")
		}
		return allowed, err
	}
	if len(p.words) == 0 {
		return false, fmt.Errorf("it ends too early")
	}
	name := p.words[0]
	if !licenceWord.MatchString(name) {
		return false, fmt.Errorf("%q is no licence", short(name))
	}
	p.words = p.words[1:]
	if p.take(with) {
		if len(p.words) == 0 || !licenceWord.MatchString(p.words[0]) {
			return false, fmt.Errorf("no exception behind WITH")
		}
		name += " " + with + " " + p.words[0]
		p.words = p.words[1:]
	}
	if !known(name) {
		return false, fmt.Errorf("SPDX has no %q", short(name))
	}
	if len(p.list.allowed) == 0 {
		return false, nil
	}
	return spdxexp.Satisfies(name, p.list.allowed)
}

// split is an expression's words; brackets are words.
func split(expression string) []string {
	return strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expression))
}

// short keeps a stranger's text from filling a report.
func short(text string) string {
	if len(text) > 80 {
		return text[:77] + "..."
	}
	return text
}
