// Package compare says what has changed between runs: item by item and finding
// by finding, better or worse.
//
// Where earlier runs come from is report/history's business; showing a
// comparison is report/render's.
package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Runs compares two runs of any environments. The direction of an item is that
// of its state (see [direction]). One whose verdict and overlay are the same is
// changed when what fails is not the same, or when what was found is not the
// same and was read from other evidence: a sentence that only counts the days
// that are left is no change.
func Runs(before, after readiness.Run) readiness.Comparison {
	c := readiness.Comparison{Before: refOf(before), After: refOf(after), Changes: []readiness.Change{}, Findings: []readiness.Change{}}
	note := noteOf(before, after)
	c.Changes = counted(&c, items(before, after), note)
	c.Findings = counted(&c, findings(before, after), note)
	c.Worsened = c.Worse+c.Incomparable > 0
	return c
}

func refOf(run readiness.Run) readiness.Ref {
	return readiness.Ref{ID: run.ID, Environment: run.Environment, Started: run.Started}
}

// noteOf says what makes two runs less alike than they look; "" for nothing.
func noteOf(before, after readiness.Run) string {
	var notes []string
	if before.Environment != after.Environment {
		notes = append(notes, fmt.Sprintf("%s is compared with %s", before.Environment, after.Environment))
	}
	from, to := checklist(before), checklist(after)
	if from != to && from != "" && to != "" {
		notes = append(notes, fmt.Sprintf("the checklist was %s and is %s", from, to))
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// checklist is the version of the checklist that a run was judged by.
func checklist(run readiness.Run) string {
	for _, v := range run.Versions {
		if v.Name == "checklist" {
			return cut(v.Version, 19) // of a digest the algorithm and 12 digits
		}
	}
	return ""
}

// counted counts changes by their direction, and returns those that are worth
// showing, the worse first.
func counted(c *readiness.Comparison, all []readiness.Change, note string) []readiness.Change {
	count := map[readiness.Direction]*int{
		readiness.Better: &c.Better, readiness.Worse: &c.Worse, readiness.New: &c.New, readiness.Gone: &c.Gone,
		readiness.Incomparable: &c.Incomparable, readiness.Changed: &c.Changed, same: &c.Same,
	}
	shown := []readiness.Change{}
	for _, change := range all {
		*count[change.Direction]++
		if change.Direction == same {
			continue
		}
		change.Why += note
		if change.Evidence == nil {
			change.Evidence = []string{}
		}
		shown = append(shown, change)
	}
	slices.SortStableFunc(shown, func(a, b readiness.Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(readiness.Directions, a.Direction), slices.Index(readiness.Directions, b.Direction)),
			cmp.Compare(slices.Index(report.Severities, a.Severity), slices.Index(report.Severities, b.Severity)),
			cmp.Compare(a.ID, b.ID), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Why, b.Why),
		)
	})
	return shown
}

// mostSaid is how much of a run's own sentence a reason repeats.
const mostSaid = 200

// said is a run's own sentence behind a colon; nothing for none.
func said(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	return ": " + cut(text, mostSaid)
}

// cut shortens a text to most characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
