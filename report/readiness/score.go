package readiness

// count counts items by their raw verdict.
func count(items []Item) Counts {
	var c Counts
	by := map[Verdict]*int{
		Pass: &c.Pass, Fail: &c.Fail, Error: &c.Error, Unknown: &c.Unknown,
		NotApplicable: &c.NotApplicable, Manual: &c.Manual,
	}
	for _, item := range items {
		if n := by[item.Verdict]; n != nil {
			*n++
		}
		switch {
		case item.waived():
			c.Waived++
		case item.Overlay != nil:
			c.Attested++
		}
	}
	return c
}

// Total is how many items were counted.
func (c Counts) Total() int {
	return c.Pass + c.Fail + c.Error + c.Unknown + c.Manual + c.NotApplicable
}

// percent is the share of what applies that holds, rounded down: a hundred says
// that everything does.
func (c Counts) percent() *int {
	applies := c.Total() - c.NotApplicable
	if applies == 0 {
		return nil
	}
	share := 100 * (c.Pass + c.Attested) / applies
	return &share
}

// sections are the scores of the guides' sections, in the order of the items.
func sections(items []Item) []Score {
	type key struct{ guide, section string }
	var order []key
	groups := map[key][]Item{}
	for _, item := range items {
		k := key{item.Guide, item.Section}
		if _, seen := groups[k]; !seen {
			order = append(order, k)
		}
		groups[k] = append(groups[k], item)
	}
	scores := []Score{}
	for _, k := range order {
		c := count(groups[k])
		scores = append(scores, Score{Guide: k.guide, Name: k.section, Counts: c, Percent: c.percent()})
	}
	return scores
}

// vacuous tells whether the item does not fail only because there was nothing to
// look at: no part of it saw a subject.
func (i Item) vacuous() bool {
	if i.Verdict != Pass && i.Verdict != NotApplicable {
		return false
	}
	for _, part := range i.Judgements {
		if part.Subjects > 0 {
			return false
		}
	}
	return true
}
