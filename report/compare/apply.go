package compare

import (
	"slices"
	"strings"

	"gatehouse/report/readiness"
)

const (
	// MostPast is how many earlier runs an item's history names.
	MostPast = 20
	// MostPoints is how many earlier runs the trend shows.
	MostPoints = 30
)

// Apply sets what follows from the runs before: the comparison with the newest
// of them (nil without any), each item's history, and the trend. Of earlier only
// the runs of the same environment that began before this one count; their order
// does not matter.
func Apply(run *readiness.Run, earlier []readiness.Run) {
	past := before(*run, earlier)
	run.Comparison = nil
	if len(past) > 0 {
		comparison := Runs(*past[0], *run)
		run.Comparison = &comparison
	}
	remember(run.Items, past[:min(len(past), MostPast)])
	run.Trend = []readiness.Point{}
	for _, r := range slices.Backward(past[:min(len(past), MostPoints)]) {
		run.Trend = append(run.Trend, Point(*r))
	}
	run.Trend = append(run.Trend, Point(*run))
}

// before are the runs that count, newest first, each once.
func before(run readiness.Run, earlier []readiness.Run) []*readiness.Run {
	var past []*readiness.Run
	seen := map[string]bool{run.ID: true}
	for i := range earlier {
		r := &earlier[i]
		if seen[r.ID] || r.Environment != run.Environment || !r.Started.Before(run.Started) {
			continue
		}
		seen[r.ID] = true
		past = append(past, r)
	}
	slices.SortStableFunc(past, func(a, b *readiness.Run) int {
		if c := b.Started.Compare(a.Started); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return past
}

// remember sets the history of each item.
func remember(items []readiness.Item, past []*readiness.Run) {
	at := map[string]int{}
	for i := range items {
		items[i].History = []readiness.Past{}
		at[items[i].ID] = i
	}
	for _, r := range past {
		for _, old := range r.Items {
			i, known := at[old.ID]
			if !known {
				continue
			}
			items[i].History = append(items[i].History, readiness.Past{
				Run: r.ID, Started: r.Started, Verdict: old.Verdict, Overlay: stateOf(old).overlay, Found: old.Found,
			})
		}
	}
}

// Point is a run as one point of a trend.
func Point(run readiness.Run) readiness.Point {
	return readiness.Point{Ref: refOf(run), Counts: run.Summary.Counts, Percent: run.Summary.Percent, Ready: run.Summary.Ready}
}
