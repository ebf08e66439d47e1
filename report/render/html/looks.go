package html

import (
	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/render/visible"
)

// look is how a word of a fixed list is shown: never by its colour alone.
type look struct {
	// Class is the style's, Mark one character, Word the word.
	Class, Mark, Word string
}

var verdictLooks = map[readiness.Verdict]look{
	readiness.Pass: {"pass", "✓", "Pass"}, readiness.Fail: {"fail", "✗", "Fail"},
	readiness.Error: {"error", "!", "Error"}, readiness.Unknown: {"unknown", "?", "Unknown"},
	readiness.Manual: {"manual", "☐", "Manual"}, readiness.NotApplicable: {"na", "–", "Not applicable"},
}

var statusLooks = map[readiness.ControlStatus]look{
	readiness.NotMet: {"fail", "✗", "Not met"}, readiness.Accepted: {"manual", "≈", "Accepted"},
	readiness.Undetermined: {"unknown", "?", "Undetermined"}, readiness.Vacuous: {"na", "∅", "Vacuous"},
	readiness.Supported: {"pass", "✓", "Supported"}, readiness.NotCovered: {"na", "–", "Not covered"},
}

var directionLooks = map[readiness.Direction]look{
	readiness.Worse: {"fail", "▼", "Worse"}, readiness.Incomparable: {"unknown", "?", "Incomparable"},
	readiness.Gone: {"na", "−", "Gone"}, readiness.New: {"manual", "+", "New"},
	readiness.Changed: {"na", "≠", "Changed"}, readiness.Better: {"pass", "▲", "Better"},
}

// The class of a finding, in capitals, is the verdict of items under which the
// filter finds it.
var findingLooks = map[report.Verdict]look{
	report.Deny:  {"fail", "✗", "Denied"},
	report.Error: {"error", "!", "Error"}, report.Undecided: {"unknown", "?", "Undecided"},
}

// known is the look of a word, or the word itself when the list has it not.
func known[K ~string](looks map[K]look, word K) look {
	if l, ok := looks[word]; ok {
		return l
	}
	return look{Class: "error", Mark: "!", Word: visible.Line(string(word))}
}

func verdictLook(v readiness.Verdict) look { return known(verdictLooks, v) }

// counted is a number of items of one verdict.
type counted struct {
	look
	N int
}

// tally lists counts in the order of [readiness.Verdicts].
func tally(c readiness.Counts) []counted {
	n := map[readiness.Verdict]int{
		readiness.Pass: c.Pass, readiness.Fail: c.Fail, readiness.Error: c.Error,
		readiness.Unknown: c.Unknown, readiness.NotApplicable: c.NotApplicable, readiness.Manual: c.Manual,
	}
	out := make([]counted, 0, len(n))
	for _, v := range readiness.Verdicts {
		out = append(out, counted{verdictLook(v), n[v]})
	}
	return out
}
