package compare

import (
	"slices"

	"gatehouse/report/readiness"
)

// same is the direction of what has not changed; no [readiness.Change] has it.
const same readiness.Direction = "same"

// state is what a run says of an item, or of a finding, in as much as another run
// can be better or worse.
type state struct {
	verdict readiness.Verdict
	// overlay is "", readiness.Waived or readiness.Attested.
	overlay string
}

func stateOf(item readiness.Item) state {
	s := state{verdict: item.Verdict}
	if item.Overlay != nil {
		s.overlay = item.Overlay.Kind
	}
	return s
}

// text is the state as a report writes it: "FAIL (waived)".
func (s state) text() string {
	if s.overlay == "" {
		return string(s.verdict)
	}
	return string(s.verdict) + " (" + s.overlay + ")"
}

// attested is whether a person's word stands for what only a person can say.
// Beside any other verdict an attestation decides nothing.
func (s state) attested() bool {
	return s.verdict == readiness.Manual && s.overlay == readiness.Attested
}

func (s state) waived() bool { return s.overlay == readiness.Waived }

// judged is whether anything is known: UNKNOWN and ERROR are the two ways of
// not knowing.
func (s state) judged() bool {
	return s.verdict != readiness.Unknown && s.verdict != readiness.Error
}

// holds is whether nothing is left to do, without a waiver.
func (s state) holds() bool {
	return s.verdict == readiness.Pass || s.verdict == readiness.NotApplicable || s.attested()
}

// order is every verdict from bad to good. A waiver has no part in it: what is
// accepted is as it was. MANUAL stands before an attested one, which stands
// before what was seen.
var order = []readiness.Verdict{
	readiness.Fail, readiness.Error, readiness.Unknown, readiness.Manual, "attested", readiness.Pass,
}

func (s state) rank() int {
	switch {
	case s.attested():
		return slices.Index(order, "attested")
	case s.verdict == readiness.NotApplicable:
		return slices.Index(order, readiness.Pass)
	}
	return slices.Index(order, s.verdict)
}

// direction is which way a state went:
//
//   - what was judged and is UNKNOWN or ERROR now is incomparable: something that
//     was known is not known any more, be it a pass or a failure;
//   - between NOT_APPLICABLE and what holds it has changed: nothing is left to do
//     on either side;
//   - else a higher rank of [order] is better, a lower one worse;
//   - with the same rank a waiver that was laid over it is a change, never better,
//     and one that ended is worse.
//
// An attestation of a MANUAL item is part of its rank: given is better, lost is
// worse.
func direction(before, after state) readiness.Direction {
	switch {
	case before == after:
		return same
	case before.judged() && !after.judged():
		return readiness.Incomparable
	case before.verdict != after.verdict && before.holds() && after.holds() &&
		(before.verdict == readiness.NotApplicable || after.verdict == readiness.NotApplicable):
		return readiness.Changed
	case before.rank() < after.rank():
		return readiness.Better
	case before.rank() > after.rank():
		return readiness.Worse
	case before.waived() && !after.waived():
		return readiness.Worse
	default:
		return readiness.Changed
	}
}
