package metrics

import (
	"strconv"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// none is the overlay of an item that nobody has said anything about.
const none = "none"

// sample is one series: the values of its labels, in the metric's order.
type sample struct {
	values []string
	value  float64
}

// set is what a run says, by metric.
type set struct {
	order  []string
	labels map[string][]string
	of     map[string][]sample
}

func (s *set) metric(name string, labels ...string) func(value float64, values ...string) {
	s.order = append(s.order, name)
	s.labels[name] = labels
	return func(value float64, values ...string) {
		s.of[name] = append(s.of[name], sample{values, value})
	}
}

// samples are the run's series.
func samples(run readiness.Run) *set {
	s := &set{labels: map[string][]string{}, of: map[string][]sample{}}
	s.items(run.Items)
	s.metric(Ready)(number(run.Summary.Ready))
	s.metric(Failed)(number(run.Summary.Failed))
	s.metric(Interrupted)(number(run.Interrupted))
	s.metric(RunTimestamp)(unix(run.Started))
	s.metric(RunDuration)(run.Seconds)
	queries := s.metric(Queries, "state")
	queries(float64(run.Coverage.Read), "read")
	queries(float64(run.Coverage.Partly), "partly")
	queries(float64(run.Coverage.NotRead), "not-read")
	s.statements(run.Expiring)
	s.findings(run.Policies)
	score := s.metric(Score, "guide", "section")
	for _, each := range run.Sections {
		if each.Percent != nil {
			score(float64(*each.Percent)/100, each.Guide, each.Name)
		}
	}
	return s
}

func (s *set) items(items []readiness.Item) {
	one := s.metric(Item, "item", "section", "severity", "verdict", "overlay")
	count := map[[2]string]int{}
	for _, item := range items {
		overlay := none
		if item.Overlay != nil {
			overlay = item.Overlay.Kind
		}
		one(1, item.ID, item.Section, string(item.Severity), string(item.Verdict), overlay)
		count[[2]string{string(item.Verdict), overlay}]++
	}
	all := s.metric(Items, "verdict", "overlay")
	for _, verdict := range readiness.Verdicts {
		for _, overlay := range []string{none, readiness.Waived, readiness.Attested} {
			all(float64(count[[2]string{string(verdict), overlay}]), string(verdict), overlay)
		}
	}
}

// statements keeps, of several about one thing, the first to end.
func (s *set) statements(expiring []readiness.Expiring) {
	ends := map[[2]string]time.Time{}
	for _, each := range expiring {
		day, err := time.Parse(time.DateOnly, each.Expires)
		if err != nil {
			continue // a statement's parser has refused it long before
		}
		// It holds until its last day has gone by.
		key, end := [2]string{each.Kind, each.Of}, day.AddDate(0, 0, 1)
		if first, is := ends[key]; !is || end.Before(first) {
			ends[key] = end
		}
	}
	expiry := s.metric(StatementExpiry, "kind", "of")
	for key, end := range ends {
		expiry(unix(end), key[0], key[1])
	}
}

func (s *set) findings(policies *readiness.Policies) {
	if policies == nil {
		return
	}
	type key struct {
		verdict  report.Verdict
		severity report.Severity
		waived   bool
	}
	count := map[key]int{}
	for _, verdict := range []report.Verdict{report.Deny, report.Undecided, report.Error} {
		for _, severity := range report.Severities {
			count[key{verdict, severity, false}], count[key{verdict, severity, true}] = 0, 0
		}
	}
	for _, f := range policies.Findings {
		count[key{f.Verdict, f.Severity, f.Waived}]++
	}
	findings := s.metric(PolicyFindings, "verdict", "severity", "waived")
	for k, n := range count {
		findings(float64(n), string(k.verdict), string(k.severity), strconv.FormatBool(k.waived))
	}
}

func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func unix(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }
