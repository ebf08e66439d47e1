package compare

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/report/readiness"
)

// items are the items of both runs, with the direction of each.
func items(before, after readiness.Run) []readiness.Change {
	earlier := map[string]readiness.Item{}
	for _, item := range before.Items {
		earlier[item.ID] = item
	}
	from, to := byID(before), byID(after)
	var all []readiness.Change
	for _, item := range after.Items {
		change := readiness.Change{ID: item.ID, Title: item.Title, Severity: item.Severity, After: stateOf(item).text()}
		was, known := earlier[item.ID]
		delete(earlier, item.ID)
		if known {
			change.Before = stateOf(was).text()
			change.Evidence = readDifferently(was, item, from, to)
			change.Direction, change.Why = judge(was, item, change.Evidence)
		} else {
			change.Direction, change.Why = readiness.New, "the run before did not judge it"+said(item.Found)
		}
		all = append(all, change)
	}
	for _, item := range before.Items {
		if _, gone := earlier[item.ID]; gone {
			all = append(all, readiness.Change{
				ID: item.ID, Title: item.Title, Severity: item.Severity, Before: stateOf(item).text(),
				Direction: readiness.Gone, Why: "this run did not judge it",
			})
		}
	}
	return all
}

func byID(run readiness.Run) map[string]readiness.Evidence {
	all := map[string]readiness.Evidence{}
	for _, e := range run.Evidence {
		all[e.ID] = e
	}
	return all
}

// readDifferently names the evidence of an item that is not the same: other
// content, read by one run alone, or not as wholly.
func readDifferently(was, is readiness.Item, from, to map[string]readiness.Evidence) []string {
	var ids []string
	for _, id := range slices.Concat(was.Evidence, is.Evidence) {
		both := slices.Contains(was.Evidence, id) && slices.Contains(is.Evidence, id)
		a, b := from[id], to[id]
		if !both || a.SHA256 != b.SHA256 || a.Complete != b.Complete {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// judge is the direction of an item that both runs judged, and why. evidence is
// what was read differently.
func judge(was, is readiness.Item, evidence []string) (readiness.Direction, string) {
	a, b := stateOf(was), stateOf(is)
	switch d := direction(a, b); {
	case d == readiness.Incomparable:
		return d, fmt.Sprintf("it was %s, and nobody knows now%s", a.text(), said(is.Found))
	case a.verdict != b.verdict:
		return d, fmt.Sprintf("it was %s and is %s%s", a.text(), b.text(), said(is.Found))
	case d != same:
		return d, stated(was, is)
	}
	differs := ""
	switch {
	case was.Vacuous != is.Vacuous && is.Vacuous:
		differs = "there is nothing to look at any more" + said(is.Found)
	case was.Vacuous != is.Vacuous:
		differs = "there is something to look at now" + said(is.Found)
	case was.Severity != is.Severity:
		differs = fmt.Sprintf("its severity was %s and is %s", was.Severity, is.Severity)
	case is.Overlay != nil && (was.Overlay.By != is.Overlay.By || was.Overlay.Expires != is.Overlay.Expires):
		differs = fmt.Sprintf("it is %s by %s until %s now, and was by %s until %s",
			is.Overlay.Kind, is.Overlay.By, is.Overlay.Expires, was.Overlay.By, was.Overlay.Expires)
	case !slices.Equal(failures(was), failures(is)):
		differs = failing(was, is)
	case was.Found != is.Found && len(evidence) > 0:
		differs = "something else was found" + said(is.Found)
	default:
		return same, ""
	}
	return readiness.Changed, differs
}

// stated says what people have said of an item whose verdict is the same.
func stated(was, is readiness.Item) string {
	switch {
	case is.Overlay == nil:
		return fmt.Sprintf("it was %s by %s until %s, and is not any more", was.Overlay.Kind, was.Overlay.By, was.Overlay.Expires)
	case was.Overlay == nil:
		return fmt.Sprintf("it is %s by %s until %s now", is.Overlay.Kind, is.Overlay.By, is.Overlay.Expires)
	}
	return fmt.Sprintf("it was %s and is %s by %s until %s now", was.Overlay.Kind, is.Overlay.Kind, is.Overlay.By, is.Overlay.Expires)
}

// failures are the subjects that fail, with what was found, sorted.
func failures(item readiness.Item) []string {
	var all []string
	for _, j := range item.Judgements {
		for _, f := range j.Failures {
			all = append(all, j.Checker+"\x00"+f.Where+"\x00"+f.Found)
		}
	}
	slices.Sort(all)
	return all
}

// failing says which subjects fail now and did not, or did and do not.
func failing(was, is readiness.Item) string {
	from, to := subjects(was), subjects(is)
	more := slices.DeleteFunc(slices.Clone(to), func(s string) bool { return slices.Contains(from, s) })
	fewer := slices.DeleteFunc(slices.Clone(from), func(s string) bool { return slices.Contains(to, s) })
	var parts []string
	if len(more) > 0 {
		parts = append(parts, fmt.Sprintf("%d fail that did not%s", len(more), said(strings.Join(more, ", "))))
	}
	if len(fewer) > 0 {
		parts = append(parts, fmt.Sprintf("%d that failed do not%s", len(fewer), said(strings.Join(fewer, ", "))))
	}
	if len(parts) == 0 {
		return "the same subjects fail in another way" + said(is.Found)
	}
	return strings.Join(parts, "; ")
}

// subjects are the names of what fails, each once.
func subjects(item readiness.Item) []string {
	var all []string
	for _, j := range item.Judgements {
		for _, f := range j.Failures {
			all = append(all, f.Where)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
