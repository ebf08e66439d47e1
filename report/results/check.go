package results

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// slack is how far the times of a run may disagree: a clock may be set while the
// run goes.
const slack = time.Minute

var (
	digest = regexp.MustCompile(`^[0-9a-f]{64}$`)
	// environments are Pulumi's names of stacks, or what targets.yaml says, which
	// may be nothing. They begin no path.
	environments = regexp.MustCompile(`^([^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,99})?$`)
)

// check finds what contradicts itself in a run.
func check(run readiness.Run) error {
	for _, find := range []func(readiness.Run) error{named, allValues, evidence, items, policies, earlier, recount, derived} {
		if err := find(run); err != nil {
			return err
		}
	}
	return nil
}

func allValues(run readiness.Run) error { return values("", reflect.ValueOf(run)) }

// named looks at what names the run.
func named(run readiness.Run) error {
	if !environments.MatchString(run.Environment) {
		return fmt.Errorf("environment: %s is no name of an environment", quoted(run.Environment))
	}
	if run.Started.IsZero() {
		return fmt.Errorf("started: is missing")
	}
	if want := run.Environment + "-" + run.Started.UTC().Format(readiness.IDTime); run.ID != want {
		return fmt.Errorf("id: %s, but environment and start make %q", quoted(run.ID), want)
	}
	return nil
}

func evidence(run readiness.Run) error {
	seen := map[string]int{}
	from := run.Started.Add(-slack)
	to := run.Started.Add(time.Duration(min(run.Seconds, 1e6)*float64(time.Second)) + slack)
	for i, e := range run.Evidence {
		at := fmt.Sprintf("evidence[%d]", i)
		first, twice := seen[e.ID]
		seen[e.ID] = i
		switch {
		case e.ID == "":
			return fmt.Errorf("%s.id: is missing", at)
		case twice:
			return fmt.Errorf("%s.id: %s is that of evidence[%d] too", at, quoted(e.ID), first)
		case e.SHA256 != "" && !digest.MatchString(e.SHA256):
			return fmt.Errorf("%s.sha256: %s is no SHA-256: want 64 hexadecimal digits", at, quoted(e.SHA256))
		case e.At.Before(from) || e.At.After(to):
			return fmt.Errorf("%s.at: %s is not within the run, which began at %s and took %.1f s", at,
				e.At.UTC().Format(time.RFC3339), run.Started.UTC().Format(time.RFC3339), run.Seconds)
		}
	}
	return nil
}

func items(run readiness.Run) error {
	read := map[string]bool{}
	for _, e := range run.Evidence {
		read[e.ID] = true
	}
	missing := func(at string, ids []string) error {
		for i, id := range ids {
			if !read[id] {
				return fmt.Errorf("%s.evidence[%d]: no evidence is named %s", at, i, quoted(id))
			}
		}
		return nil
	}
	seen := map[string]int{}
	for i, item := range run.Items {
		at := fmt.Sprintf("items[%d]", i)
		first, twice := seen[item.ID]
		seen[item.ID] = i
		switch {
		case !report.IsItem(item.ID):
			return fmt.Errorf("%s.id: %s is no item's: want one such as DB-3", at, quoted(item.ID))
		case twice:
			return fmt.Errorf("%s.id: %s is that of items[%d] too", at, item.ID, first)
		case len(item.Judgements) > 0 && readiness.Combine(item.Judgements) != item.Verdict:
			return fmt.Errorf("%s.verdict: %s, but its judgements make %s", at, item.Verdict, readiness.Combine(item.Judgements))
		}
		if err := missing(at, item.Evidence); err != nil {
			return err
		}
		for k, judgement := range item.Judgements {
			if err := missing(fmt.Sprintf("%s.judgements[%d]", at, k), judgement.Evidence); err != nil {
				return err
			}
		}
	}
	return nil
}

// policies counts the findings again.
func policies(run readiness.Run) error {
	if run.Policies == nil {
		return nil
	}
	counted := report.Result{Findings: slices.Clone(run.Policies.Findings)}
	counted.Finish("")
	given, made := run.Policies.Summary, counted.Summary
	for _, c := range []struct {
		name        string
		given, made int
	}{
		{"deny", given.Deny, made.Deny},
		{"undecided", given.Undecided, made.Undecided},
		{"error", given.Error, made.Error},
		{"waived", given.Waived, made.Waived},
	} {
		if c.given != c.made {
			return fmt.Errorf("policies.summary.%s: %d, but the findings make %d", c.name, c.given, c.made)
		}
	}
	return nil
}

// earlier looks at what the report says of the runs before.
func earlier(run readiness.Run) error {
	for i, item := range run.Items {
		for k, past := range item.History {
			at := fmt.Sprintf("items[%d].history[%d].started", i, k)
			if past.Started.After(run.Started) {
				return fmt.Errorf("%s: is after the run's own start", at)
			}
			if k > 0 && past.Started.After(item.History[k-1].Started) {
				return fmt.Errorf("%s: is after the one before it, where the newest comes first", at)
			}
		}
	}
	for i, point := range run.Trend {
		at := fmt.Sprintf("trend[%d].started", i)
		if point.Started.After(run.Started) {
			return fmt.Errorf("%s: is after the run's own start", at)
		}
		if i > 0 && point.Started.Before(run.Trend[i-1].Started) {
			return fmt.Errorf("%s: is before the one before it, where the oldest comes first", at)
		}
	}
	if c := run.Comparison; c != nil && c.Before.Started.After(c.After.Started) {
		return fmt.Errorf("comparison.before.started: is after comparison.after.started")
	}
	return nil
}

// recount holds the summary against the items.
func recount(run readiness.Run) error {
	counted := run
	counted.Items = slices.Clone(run.Items)
	for i := range counted.Items { // Finish fills in what is absent
		counted.Items[i].Judgements = slices.Clone(counted.Items[i].Judgements)
	}
	counted.Evidence = slices.Clone(run.Evidence)
	counted.Finish(run.Summary.FailOn)
	given, made := reflect.ValueOf(run.Summary.Counts), reflect.ValueOf(counted.Summary.Counts)
	for i := range given.NumField() {
		if g, m := given.Field(i).Int(), made.Field(i).Int(); g != m {
			return fmt.Errorf("summary.%s: %d, but the items make %d", nameOf(given.Type().Field(i)), g, m)
		}
	}
	if g, m := run.Summary.Failed, counted.Summary.Failed; g != m {
		return fmt.Errorf("summary.failed: %t, but the items make it %t", g, m)
	}
	if g, m := run.Summary.Ready, counted.Summary.Ready; g != m {
		return fmt.Errorf("summary.ready: %t, but the items make it %t", g, m)
	}
	if g, m := run.Summary.Percent, counted.Summary.Percent; g != nil && (m == nil || *g != *m) {
		return fmt.Errorf("summary.percent: %d, but the items do not make it", *g)
	}
	if len(run.Sections) > 0 && !reflect.DeepEqual(run.Sections, counted.Sections) {
		return fmt.Errorf("sections: the scores are not those that the items make")
	}
	return nil
}
