package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/units"

// Dashboard is rows of panels.
type Dashboard struct {
	// UID is its name in links and in the cluster.
	UID string
	// Title and Description are for people.
	Title, Description string
	Rows               []Row
}

// Row is a line of panels with a title.
type Row struct {
	Title  string
	Panels []Panel
}

// Panel is one picture. All its fields are required.
type Panel struct {
	// Kind is how it is drawn.
	Kind Kind
	// Title is its name, Description what it says and when to worry.
	Title, Description string
	// Unit is Grafana's name of the unit.
	Unit string
	// Queries are what it shows.
	Queries []Query
}

// Kind is how a panel is drawn.
type Kind string

// The kinds: lines over time, or the present value.
const (
	Graph Kind = "timeseries"
	Stat  Kind = "stat"
)

// Query is a PromQL expression and the name of its series, with labels in
// double braces.
type Query struct{ Expr, Legend string }

// Units that are used in more than one table.
const (
	ratio   = units.PercentUnit
	seconds = "s"
	bytes   = units.BytesIEC
	count   = units.Short
)

// graph draws lines.
func graph(title, description, unit string, queries ...Query) Panel {
	return Panel{Graph, title, description, unit, queries}
}

// stat shows the present value.
func stat(title, description, unit string, queries ...Query) Panel {
	return Panel{Stat, title, description, unit, queries}
}
