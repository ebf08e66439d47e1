package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gatehouse/report"
)

// The kinds of steps, in the order in which they are to be taken.
const (
	// Fix what fails, or a checker that does.
	Fix = "fix"
	// Read what could not be read.
	Read = "read"
	// State what only a person can say.
	State = "state"
	// Renew what ends soon.
	Renew = "renew"
)

// next is what to do, most important first: what stops the run, what else
// fails, what could not be decided (one step for each reason; what only a real
// environment can tell comes after the others), what people have to state, what
// they have to renew.
func next(r Run) []Step {
	steps := []Step{}
	for _, item := range r.Items {
		if (item.Verdict == Fail || item.Verdict == Error) && !item.waived() {
			steps = append(steps, Step{
				Kind: Fix, Items: []string{item.ID}, Severity: item.Severity,
				What: fmt.Sprintf("%s: %s", item.Title, item.Found), Do: item.Remediation,
			})
		}
	}
	worstFirst(steps)
	read := unread(r)
	worstFirst(read)
	steps = append(steps, read...)
	if step, any := elsewhere(r); any {
		steps = append(steps, step)
	}
	if step, any := unstated(r.Items); any {
		steps = append(steps, step)
	}
	for _, e := range r.Expiring {
		steps = append(steps, e.step())
	}
	return steps
}

// worstFirst orders steps by severity, then by how many items they decide.
func worstFirst(steps []Step) {
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(
			cmp.Compare(slices.Index(report.Severities, a.Severity), slices.Index(report.Severities, b.Severity)),
			cmp.Compare(len(b.Items), len(a.Items)),
		)
	})
}

// unread has one step for each reason that items are UNKNOWN for.
func unread(r Run) []Step {
	remedies := map[string]string{}
	for _, e := range r.Evidence {
		for _, p := range e.Problems {
			remedies[e.ID] = cmp.Or(remedies[e.ID], p.Remedy)
		}
	}
	var steps []Step
	at := map[string]int{}
	for _, item := range r.Items {
		if item.Verdict != Unknown || item.waived() {
			continue
		}
		for _, part := range item.Judgements {
			if part.Verdict != Unknown || r.standIn(part) {
				continue
			}
			why := cmp.Or(part.Found, item.Found)
			i, seen := at[why]
			if !seen {
				i = len(steps)
				at[why] = i
				steps = append(steps, Step{Kind: Read, What: why, Do: remedy(part, remedies), Severity: item.Severity})
			}
			step := &steps[i]
			if !slices.Contains(step.Items, item.ID) {
				step.Items = append(step.Items, item.ID)
			}
			if item.Severity.AtLeast(step.Severity) {
				step.Severity = item.Severity
			}
		}
	}
	return steps
}

// elsewhere is one step over all that a sandbox cannot tell: nothing that is done
// here would decide it.
func elsewhere(r Run) (Step, bool) {
	step := Step{Kind: Read, Do: fmt.Sprintf("gatehouse check -s %s, without --sandbox, once %s is up in an account", r.Environment, r.Environment)}
	for _, item := range r.Items {
		if item.Verdict != Unknown || item.waived() || !slices.ContainsFunc(item.Judgements, r.standIn) {
			continue
		}
		if len(step.Items) == 0 || item.Severity.AtLeast(step.Severity) {
			step.Severity = item.Severity
		}
		step.Items = append(step.Items, item.ID)
	}
	what := "items need what the sandbox only emulates; an account can tell"
	if len(step.Items) == 1 {
		what = "item needs what the sandbox only emulates; an account can tell"
	}
	step.What = fmt.Sprintf("%d %s", len(step.Items), what)
	return step, len(step.Items) > 0
}

// standIn tells whether a part is UNKNOWN only because of an emulator: it shows
// what is not so, or does not know what was asked.
func (r Run) standIn(part Judgement) bool {
	if part.Verdict != Unknown || part.Pretended || !r.Sandbox {
		return part.Verdict == Unknown && part.Pretended
	}
	unknown := func(e Evidence) bool {
		return slices.Contains(part.Evidence, e.ID) && strings.HasPrefix(part.Found, e.ID+": "+notSupported+": ") && len(e.Problems) > 0
	}
	return slices.ContainsFunc(r.Evidence, unknown)
}

// notSupported is the kind of problem that says that a system does not know the
// question.
const notSupported = "not supported"

// remedy is what the evidence says to do, where the reason does not say it
// itself.
func remedy(part Judgement, remedies map[string]string) string {
	for _, id := range part.Evidence {
		if do := remedies[id]; do != "" && !strings.Contains(part.Found, do) {
			return do
		}
	}
	return ""
}

// unstated is one step over all that only a person can say and nobody has.
func unstated(items []Item) (Step, bool) {
	step := Step{Kind: State, Do: "gatehouse attest ITEM, with an owner, a statement, a link and an expiry"}
	for _, item := range items {
		if item.Verdict != Manual || !item.Open() {
			continue
		}
		if len(step.Items) == 0 || item.Severity.AtLeast(step.Severity) {
			step.Severity = item.Severity
		}
		step.Items = append(step.Items, item.ID)
	}
	wait := "items wait"
	if len(step.Items) == 1 {
		wait = "item waits"
	}
	step.What = fmt.Sprintf("%d %s for a person's statement", len(step.Items), wait)
	return step, len(step.Items) > 0
}

func (e Expiring) step() Step {
	step := Step{Kind: Renew, Items: []string{}, Severity: report.Medium, Do: e.Remedy}
	if report.IsItem(e.Of) {
		step.Items = append(step.Items, e.Of)
	}
	ends := fmt.Sprintf("ends in %d days, on %s", e.Days, e.Expires)
	switch {
	case e.Days < 0:
		ends = "ended on " + e.Expires
	case e.Days <= 1:
		ends = "ends on " + e.Expires
	}
	what := "the waiver of " + e.Of
	if e.Kind == Attested {
		what = "the attestation of " + e.Of
	}
	step.What = fmt.Sprintf("%s by %s %s", what, e.By, ends)
	return step
}

// headline says in one sentence whether the environment is ready, and what is
// against it.
func headline(r Run) string {
	if r.Summary.Ready {
		return fmt.Sprintf("%s is ready: nothing is open", r.Environment)
	}
	var against []string
	say := func(n int, one, many string) {
		switch {
		case n == 1:
			against = append(against, "1 item "+one)
		case n > 1:
			against = append(against, fmt.Sprintf("%d items %s", n, many))
		}
	}
	failing, unknown, manual := 0, 0, 0
	for _, item := range r.Items {
		switch {
		case !item.Open():
		case item.Verdict == Unknown:
			unknown++
		case item.Verdict == Manual:
			manual++
		default:
			failing++
		}
	}
	say(failing, "fails", "fail")
	say(unknown, "could not be decided", "could not be decided")
	say(manual, "waits for a person", "wait for a person")
	if r.Interrupted {
		against = append(against, "the run was cut off")
	}
	if len(r.Items) == 0 {
		against = append(against, "no item was judged")
	}
	return fmt.Sprintf("%s is not ready: %s", r.Environment, strings.Join(against, ", "))
}
