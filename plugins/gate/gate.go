// Package gate decides whether one version of one plugin may be installed. Every
// step looks at evidence that was collected before and says pass, refuse or why it
// cannot tell; what cannot be told is not let through.
//
// Nothing is fetched here: what the registry says is plugins/npm's, what is in the
// tarball plugins/tarball's, known vulnerabilities plugins/gate/advisory's, SPDX
// plugins/gate/licence's. Who was told what is plugins/trail's to keep.
package gate

import (
	"context"
	"slices"
	"strings"
)

// Verdict is what a step says.
type Verdict string

// The verdicts.
const (
	// Pass: the step looked and found nothing against it.
	Pass Verdict = "pass"
	// Refuse: the step found something against it.
	Refuse Verdict = "refuse"
	// Unknown: the step could not look. It counts as a refusal.
	Unknown Verdict = "unknown"
	// AcceptedException: there is something, and the policy accepts it for a
	// reason that the audit trail keeps.
	AcceptedException Verdict = "accepted-exception"
	// NotApplicable: the step has nothing to say about this plugin.
	NotApplicable Verdict = "not-applicable"
)

// Verdicts is every verdict.
var Verdicts = []Verdict{Pass, Refuse, Unknown, AcceptedException, NotApplicable}

// Lets tells whether a step with this verdict lets a plugin through.
func (v Verdict) Lets() bool {
	return v == Pass || v == AcceptedException || v == NotApplicable
}

// Result is what the gate says of one version of a plugin. Its JSON is a contract
// with scripts: see [Schema].
type Result struct {
	Package string `json:"package"`
	Version string `json:"version"`
	// Accepted is true when every step lets it through.
	Accepted bool   `json:"accepted"`
	Steps    []Step `json:"steps"`
}

// Step is what one step says.
type Step struct {
	// Name is one of [Names].
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Reason is never empty. It may quote a stranger's text.
	Reason string `json:"reason"`
	// Remedy is what to do about it, "" when there is nothing to do.
	Remedy string `json:"remedy"`
	// Later is true for an unknown that another try may settle, with newer evidence.
	Later bool `json:"later"`
}

// Check runs every step, whatever the others say: who fixes one thing wants to
// know the next. It reads no more than Sources hands out, and the same input gives
// the same result. When ctx ends, the steps that are left are unknown.
func Check(ctx context.Context, candidate Candidate, policy Policy, sources Sources) Result {
	c := newCase(candidate, policy, sources)
	result := Result{Package: candidate.Ref.Name, Version: candidate.Ref.Version, Steps: make([]Step, 0, len(steps))}
	for _, s := range steps {
		result.Steps = append(result.Steps, c.run(ctx, s))
	}
	result.Accepted = !slices.ContainsFunc(result.Steps, func(s Step) bool { return !s.Verdict.Lets() })
	return result
}

func (c *Case) run(ctx context.Context, s step) Step {
	var f finding
	if err := ctx.Err(); err != nil {
		f.cannotTell("stopped", "it was stopped: "+err.Error(), "run it again")
	} else {
		f = s.check(ctx, c)
	}
	return f.judge(s.name, c)
}

// step is one rule of admission. Adding one is a file of its own and one line in
// steps.
type step struct {
	name string
	// explain is one sentence of what it looks for, for people.
	explain string
	check   func(context.Context, *Case) finding
}

// steps are in the order in which people read them: is it the package, whose is
// it, is it allowed, does it run.
var steps = []step{
	exists, integrity, manifest, signature, provenance,
	licences, vulnerabilities, scripts,
	compatibility, loadable, limits,
}

// Names are the steps' names, in their order.
func Names() []string {
	names := make([]string, 0, len(steps))
	for _, s := range steps {
		names = append(names, s.name)
	}
	return names
}

// Explain is one sentence of what a step looks for, "" for an unknown name.
func Explain(name string) string {
	for _, s := range steps {
		if s.name == name {
			return s.explain
		}
	}
	return ""
}

// sentence joins what a step says, each part once.
func sentence(parts []string) string {
	var once []string
	for _, part := range parts {
		if part != "" && !slices.Contains(once, part) {
			once = append(once, part)
		}
	}
	return strings.Join(once, "; ")
}
