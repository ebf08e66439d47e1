package readiness

import (
	"slices"

	"gatehouse/report"
)

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

// Finish counts the items, and makes lists that are absent empty ones, so that
// readers of the report find one everywhere. An item fails the run from severity
// least on.
func (r *Run) Finish(least report.Severity) {
	whole(&r.Items)
	whole(&r.Evidence)
	for i := range r.Items {
		whole(&r.Items[i].Frameworks)
		whole(&r.Items[i].Judgements)
		whole(&r.Items[i].Evidence)
		for k := range r.Items[i].Judgements {
			whole(&r.Items[i].Judgements[k].Evidence)
		}
	}
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
	order := []Verdict{Fail, Error, Unknown, Manual, Pass, NotApplicable}
	worst := len(order) - 1
	for _, part := range parts {
		at := slices.Index(order, part.Verdict)
		if at < 0 {
			at = slices.Index(order, Error) // no verdict at all
		}
		worst = min(worst, at)
	}
	if len(parts) == 0 {
		return Error
	}
	return order[worst]
}

func whole[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}
