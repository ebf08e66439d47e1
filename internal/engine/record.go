package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Step is one resource that the engine is done with.
type Step struct {
	Layer, Type, Name, Operation string
}

// record collects what the engine's events say.
type record struct {
	progress func(Step)
	summary  map[string]int
	layers   map[string]int
	types    map[string]int
	changes  map[string]Change
	problems []problem
	// counted are the URNs that layers and types count.
	counted map[string]bool
}

// problem is one error that the engine reported, and the resource that it is
// about ("" for the program itself).
type problem struct{ urn, message string }

func newRecord(progress func(Step)) *record {
	if progress == nil {
		progress = func(Step) {}
	}
	return &record{progress: progress, summary: map[string]int{}, layers: map[string]int{}, types: map[string]int{}, changes: map[string]Change{}, counted: map[string]bool{}}
}

func (r *record) take(e events.EngineEvent) {
	switch {
	case e.ResOutputsEvent != nil:
		r.done(e.ResOutputsEvent.Metadata)
	case e.ResOpFailedEvent != nil:
		r.progress(step(e.ResOpFailedEvent.Metadata, "failed"))
	case e.SummaryEvent != nil:
		for op, n := range e.SummaryEvent.ResourceChanges {
			r.summary[string(op)] += n
		}
	case e.DiagnosticEvent != nil && e.DiagnosticEvent.Severity == "error":
		message := strings.TrimSpace(stripColour(e.DiagnosticEvent.Message))
		if message != "" {
			r.problems = append(r.problems, problem{e.DiagnosticEvent.URN, message})
		}
	}
}

// done takes one finished step. A replacement is several steps on one URN; the
// telling one is "replace".
func (r *record) done(m apitype.StepEventMetadata) {
	op := operation(m)
	s := step(m, op)
	r.progress(s)
	// An operation that refreshes first is done with a resource twice.
	counted := op == "same" || op == "create" || op == "update" || op == "replace" || op == "delete"
	if counted && !r.counted[m.URN] {
		r.counted[m.URN] = true
		if s.Layer != "" {
			r.layers[s.Layer]++
		}
		r.types[m.Type]++
	}
	if op == "same" || op == "read" || r.changes[m.URN].Operation == "replace" {
		return
	}
	r.changes[m.URN] = Change{URN: m.URN, Type: m.Type, Name: s.Name, Operation: op, Properties: properties(m)}
}

// operation is the step's operation; a refresh says what it found, and the
// parts of a replacement count as the replacement.
func operation(m apitype.StepEventMetadata) string {
	if m.Op != apitype.OpRefresh {
		return string(m.Op)
	}
	switch {
	case m.New == nil:
		return "delete"
	case len(properties(m)) > 0:
		return "update"
	default:
		return "same"
	}
}

func step(m apitype.StepEventMetadata, op string) Step {
	return Step{Layer: layerOf(m.URN), Type: m.Type, Name: nameOf(m.URN), Operation: op}
}

func nameOf(urn string) string {
	return urn[strings.LastIndex(urn, "::")+2:]
}

// result sums the record up.
func (r *record) result(simulated func(string) bool) Result {
	out := Result{ChangeSummary: r.summary, Layers: r.layers, Simulated: map[string]int{}, Outputs: map[string]any{}, Changes: []Change{}}
	for token, n := range r.types {
		if simulated(token) {
			out.Simulated[token] = n
		}
	}
	for _, urn := range slices.Sorted(maps.Keys(r.changes)) {
		out.Changes = append(out.Changes, r.changes[urn])
	}
	return out
}

// explain turns the Automation API's error, which quotes the CLI's whole
// output, into the problems that the engine named.
func (r *record) explain(op Operation, stack string, err error) error {
	if len(r.problems) == 0 {
		return fmt.Errorf("%s %s: %w", op, stack, shorten(err))
	}
	var all []error
	seen := map[problem]bool{}
	for _, p := range r.problems {
		if seen[p] {
			continue
		}
		seen[p] = true
		where := ""
		if p.urn != "" && layerOf(p.urn) != "" {
			where = nameOf(p.urn) + " (" + typeOf(p.urn) + "): "
		}
		all = append(all, errors.New(where+p.message))
	}
	return fmt.Errorf("%s %s failed:\n%w", op, stack, errors.Join(all...))
}

// typeOf returns the resource's own type out of a URN.
func typeOf(urn string) string {
	parts := strings.Split(urn, "::")
	if len(parts) < 4 {
		return ""
	}
	chain := parts[2]
	return chain[strings.LastIndex(chain, "$")+1:]
}
