package readiness

import "gatehouse/report"

// Fails tells whether the item stops a deployment: it is wrong or its checker
// is, and nobody waived it.
func (i Item) Fails(least report.Severity) bool {
	wrong := i.Verdict == Fail || i.Verdict == Error
	return wrong && !i.waived() && i.Severity.AtLeast(least)
}

// Open tells whether something is left to do before the item can be said to
// hold.
func (i Item) Open() bool {
	switch i.Verdict {
	case Pass, NotApplicable:
		return false
	case Manual:
		return i.Overlay == nil
	default:
		return !i.waived()
	}
}

func (i Item) waived() bool { return i.Overlay != nil && i.Overlay.Kind == Waived }

// Finish counts the items. An item fails the run from severity least on.
func (r *Run) Finish(least report.Severity) {
	s := Summary{FailOn: least, Ready: len(r.Items) > 0 && !r.Interrupted}
	count := map[Verdict]*int{
		Pass: &s.Pass, Fail: &s.Fail, Error: &s.Error, Unknown: &s.Unknown,
		NotApplicable: &s.NotApplicable, Manual: &s.Manual,
	}
	for _, item := range r.Items {
		*count[item.Verdict]++
		s.Failed = s.Failed || item.Fails(least)
		s.Ready = s.Ready && !item.Open()
		switch {
		case item.waived():
			s.Waived++
		case item.Overlay != nil:
			s.Attested++
		}
	}
	r.Summary = s
}

// Combine is the verdict over several parts: one failure is enough to fail,
// one part that could not be judged is enough not to pass, and what does not
// apply counts only when nothing does.
func Combine(parts []Judgement) Verdict {
	rank := func(v Verdict) int {
		for i, each := range []Verdict{Fail, Error, Unknown, Manual, Pass, NotApplicable} {
			if v == each {
				return i
			}
		}
		return 1
	}
	if len(parts) == 0 {
		return Error
	}
	worst := NotApplicable
	for _, part := range parts {
		if rank(part.Verdict) < rank(worst) {
			worst = part.Verdict
		}
	}
	return worst
}
