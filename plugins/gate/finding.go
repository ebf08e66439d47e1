package gate

import (
	"fmt"
	"slices"
	"strings"
)

// problem is one thing against a plugin.
type problem struct {
	// id names it for an exception: "unsigned", "GHSA-…", "left-pad@1.0.0".
	id      string
	text    string
	remedy  string
	unknown bool // could not look, instead of looked and found
	later   bool // to look again another time may help
	// final: no exception covers it, for nobody could mean it.
	final bool
}

// finding is what a step found: problems, or why it has nothing to say, or what it
// looked at. The zero finding is no pass: a step that forgets to speak is unknown.
type finding struct {
	problems []problem
	// skipped is why the step has nothing to say about the plugin.
	skipped string
	// looked is what a pass rests on.
	looked []string
}

func notApplicable(reason string) finding { return finding{skipped: reason} }

// lacking is the finding of a step whose evidence is missing.
func lacking(what string, err error, remedy string) (f finding) {
	f.cannotTell("evidence", fmt.Sprintf("cannot see %s: %v", what, err), remedy)
	f.problems[0].final = true
	return f
}

func (f *finding) refuse(id, text, remedy string) {
	f.problems = append(f.problems, problem{id: id, text: text, remedy: remedy})
}

// never refuses what no exception covers.
func (f *finding) never(id, text, remedy string) {
	f.problems = append(f.problems, problem{id: id, text: text, remedy: remedy, final: true})
}

func (f *finding) cannotTell(id, text, remedy string) {
	f.problems = append(f.problems, problem{id: id, text: text, remedy: remedy, unknown: true})
}

// notNow is of evidence that another time may have.
func (f *finding) notNow(id, text, remedy string) {
	f.problems = append(f.problems, problem{id: id, text: text, remedy: remedy, unknown: true, later: true})
}

// most is how many problems of a step are told; a package with two hundred bundled
// ones has as many.
const most = 8

// judge weighs a step's problems against the policy's exceptions.
func (f finding) judge(name string, c *Case) Step {
	s := Step{Name: name}
	var open, accepted []problem
	var reasons []string
	for _, p := range f.problems {
		if e, found := c.exception(name, p); found {
			accepted = append(accepted, p)
			reasons = append(reasons, fmt.Sprintf("%s: accepted until %s: %s", p.text, e.Expires, e.Reason))
			continue
		}
		open = append(open, p)
	}
	switch {
	case slices.ContainsFunc(open, func(p problem) bool { return !p.unknown }):
		s.Verdict = Refuse
	case len(open) > 0:
		s.Verdict = Unknown
		s.Later = !slices.ContainsFunc(open, func(p problem) bool { return !p.later })
	case len(accepted) > 0:
		s.Verdict = AcceptedException
	case f.skipped != "":
		s.Verdict = NotApplicable
	case len(f.looked) > 0:
		s.Verdict = Pass
	default:
		s.Verdict = Unknown
		reasons = append(reasons, "the step did not say what it looked at")
	}
	var texts, remedies []string
	for i, p := range open {
		if i == most {
			texts = append(texts, fmt.Sprintf("and %d more", len(open)-most))
			break
		}
		texts = append(texts, p.text)
		remedies = append(remedies, p.remedy)
	}
	if len(open) == 0 {
		texts = append(texts, f.skipped)
		texts = append(texts, f.looked...)
	} else if help := c.acceptable(name, open); help != "" {
		remedies = append(remedies, help)
	}
	s.Reason = sentence(append(texts, reasons...))
	s.Remedy = sentence(remedies)
	return s
}

// acceptable tells which ids an exception could name.
func (c *Case) acceptable(step string, open []problem) string {
	var ids []string
	for _, p := range open {
		if !p.final && !slices.Contains(ids, p.id) {
			ids = append(ids, p.id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	if len(ids) > most {
		ids = append(ids[:most:most], "…")
	}
	return fmt.Sprintf("or accept it in the policy with a reason (step: %s, id: %s)", step, strings.Join(ids, ", "))
}
