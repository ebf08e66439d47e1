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

// Finish derives from what was seen all that needs no other run and no standard:
// the summary, scores, coverage, layers and what to do next. Lists that are
// absent become empty ones, so that readers of the report find one everywhere.
// An item fails the run from severity least on.
func (r *Run) Finish(least report.Severity) {
	r.complete()
	for i := range r.Items {
		r.Items[i].Vacuous = r.Items[i].vacuous()
	}
	counts := count(r.Items)
	s := Summary{Counts: counts, Percent: counts.percent(), FailOn: least, Ready: len(r.Items) > 0 && !r.Interrupted}
	for _, item := range r.Items {
		s.Failed = s.Failed || item.Fails(least)
		s.Ready = s.Ready && !item.Open()
	}
	r.Summary = s
	r.Sections = sections(r.Items)
	r.Coverage = coverage(*r)
	r.Layers = layers(*r)
	r.Next = next(*r)
	r.Summary.Headline = headline(*r)
}

// complete makes lists that are absent empty ones.
func (r *Run) complete() {
	r.Format = Format
	if r.ID == "" {
		r.ID = r.Environment + "-" + r.Started.UTC().Format(IDTime)
	}
	whole(&r.Versions)
	whole(&r.Items)
	whole(&r.Evidence)
	whole(&r.Expiring)
	whole(&r.Frameworks)
	whole(&r.Trend)
	for i := range r.Items {
		item := &r.Items[i]
		whole(&item.Frameworks)
		whole(&item.Judgements)
		whole(&item.Evidence)
		whole(&item.History)
		for k := range item.Judgements {
			whole(&item.Judgements[k].Evidence)
		}
	}
	r.Identities = identities(r.Evidence)
	if r.Policies != nil {
		whole(&r.Policies.Rules)
		whole(&r.Policies.Findings)
	}
	if r.Deployed != nil {
		whole(&r.Deployed.Resources)
	}
	if r.Access != nil {
		whole(&r.Access.Grants)
		whole(&r.Access.Unread)
	}
}

// identities are who read each system, in the order of the evidence.
func identities(all []Evidence) []Identity {
	found := []Identity{}
	for _, e := range all {
		each := Identity{Source: e.Source, Name: e.Identity}
		if e.Identity != "" && !slices.Contains(found, each) {
			found = append(found, each)
		}
	}
	return found
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
