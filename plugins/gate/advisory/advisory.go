// Package advisory finds the known vulnerabilities of npm packages in what was
// collected before: a directory of OSV records, or a result of Trivy.
//
// Nothing is fetched here, and nothing judged: an index of OSV's whole export, and
// how it is kept up to date, is plugins/gate/advisory/database's; which severity is
// too high, and how old the knowledge may be, is plugins/gate's.
package advisory

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Component is one package in one exact version.
type Component struct{ Name, Version string }

func (c Component) String() string { return c.Name + "@" + c.Version }

// Vulnerability is one advisory that touches one component.
type Vulnerability struct {
	// ID is the advisory's: GHSA-…, CVE-…, MAL-….
	ID string
	// Aliases are the other names of the same advisory.
	Aliases []string
	// Summary is one line, "" where there is none. It is a stranger's text.
	Summary string
	// Component is what it touches.
	Component Component
	// Severity is the highest that any of its sources names.
	Severity Severity
	// Fixed is the lowest version without it above the component's, "" for none.
	Fixed string
	// Doubt says why it cannot be told whether the component is touched; "" when
	// it is.
	Doubt string
}

// Report is what a source knows of some components.
type Report struct {
	// AsOf is when the source knew it.
	AsOf time.Time
	// Vulnerabilities are sorted by component and id.
	Vulnerabilities []Vulnerability
}

// Source finds vulnerabilities. What it cannot read is an error, for that record
// could be the one that matters.
type Source interface {
	Find(ctx context.Context, components []Component) (Report, error)
}

// ByName sorts components by the name of their package, as records are asked for.
func ByName(components []Component) map[string][]Component {
	byName := map[string][]Component{}
	for _, each := range components {
		byName[each.Name] = append(byName[each.Name], each)
	}
	return byName
}

// Sort brings the vulnerabilities into their order.
func (r *Report) Sort() {
	slices.SortFunc(r.Vulnerabilities, func(a, b Vulnerability) int {
		return cmp.Or(
			cmp.Compare(a.Component.Name, b.Component.Name),
			cmp.Compare(a.Component.Version, b.Component.Version),
			cmp.Compare(a.ID, b.ID),
		)
	})
}
