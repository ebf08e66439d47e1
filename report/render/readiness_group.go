package render

import (
	"fmt"

	"gatehouse/report/readiness"
)

// interrupted is what is said of a run that did not end by itself.
const interrupted = "the run was cut off: what was not read by then is unknown"

// section is a section of a guide with its items.
type section struct {
	readiness.Score
	items []readiness.Item
}

// bySection are the items by guide and section, in their order.
func bySection(r readiness.Run) []section {
	type key struct{ guide, name string }
	var all []section
	at := map[key]int{}
	for _, item := range r.Items {
		k := key{item.Guide, item.Section}
		i, seen := at[k]
		if !seen {
			i = len(all)
			at[k] = i
			all = append(all, section{Score: readiness.Score{Guide: item.Guide, Name: item.Section}})
		}
		all[i].items = append(all[i].items, item)
	}
	for _, score := range r.Sections {
		if i, known := at[key{score.Guide, score.Name}]; known {
			all[i].Score = score
		}
	}
	return all
}

// percent is a share, "" where there is none.
func percent(share *int) string {
	if share == nil {
		return ""
	}
	return fmt.Sprintf("%d %%", *share)
}

// counted is the sum of a run, with the share of what applies that holds.
func counted(r readiness.Run) string {
	share := percent(r.Summary.Percent)
	if share == "" {
		return ReadinessLine(r)
	}
	return ReadinessLine(r) + " · " + share + " holds"
}

// statement is what people have said about an item: "waived by Ada until
// 2027-02-01".
func statement(o *readiness.Overlay) string {
	return o.Kind + " by " + o.By + " until " + o.Expires
}

// ending is why nothing is left to do about an item, and the verdict that it is
// shown as: what is waived does not hold, and is not shown as if it did.
type ending struct {
	as  readiness.Verdict
	why string
}

// endings is every one, in the order in which they are shown.
var endings = []ending{
	{readiness.Fail, waived},
	{readiness.Error, waived},
	{readiness.Unknown, waived},
	{readiness.Manual, waived},
	{readiness.Pass, ""},
	{readiness.Pass, ": attested"},
	{readiness.NotApplicable, ": not applicable"},
}

const waived = ": waived"

// closedBy is why an item that is not open is not.
func closedBy(item readiness.Item) ending {
	switch {
	case item.Overlay != nil && item.Overlay.Kind == readiness.Waived:
		return ending{item.Verdict, waived}
	case item.Overlay != nil:
		return ending{readiness.Pass, ": attested"}
	case item.Verdict == readiness.NotApplicable:
		return ending{item.Verdict, ": not applicable"}
	default:
		return ending{item.Verdict, ""}
	}
}

// changed are the names of what went in some direction, each once.
func changed(c *readiness.Comparison, direction readiness.Direction) []string {
	var names []string
	seen := map[string]bool{}
	for _, list := range [][]readiness.Change{c.Changes, c.Findings} {
		for _, change := range list {
			if change.Direction == direction && !seen[change.ID] {
				seen[change.ID] = true
				names = append(names, change.ID)
			}
		}
	}
	return names
}

// subject is what a statement is about: the item, or the rule with the resources
// that it is waived for.
func subject(e readiness.Expiring) string {
	if e.Resource == e.Of {
		return e.Of
	}
	return join(" ", e.Of, e.Resource)
}

// left says how many days a statement still holds.
func left(e readiness.Expiring) string {
	if e.Days < 0 {
		return "has ended"
	}
	return count(e.Days, "day") + " left"
}

// went is how many went in a direction.
type went struct {
	readiness.Direction
	n int
}

// directions are those that anything went in, worst first.
func directions(c *readiness.Comparison) []went {
	n := map[readiness.Direction]int{
		readiness.Worse: c.Worse, readiness.Incomparable: c.Incomparable, readiness.Gone: c.Gone,
		readiness.New: c.New, readiness.Better: c.Better,
	}
	var out []went
	for _, d := range readiness.Directions {
		if n[d] > 0 {
			out = append(out, went{d, n[d]})
		}
	}
	return out
}
