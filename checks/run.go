// Package checks proves the guides' checklist against the live systems of an
// environment: it chooses what to read for the items that were asked for, reads
// it once, and judges.
//
// The items are in checklist.yaml, what is known of the systems in evidence,
// reading in collect, judging in judge; this package puts them together.
package checks

import (
	"context"
	"slices"
	"sync"
	"time"

	"gatehouse/checks/access"
	"gatehouse/checks/checklist"
	"gatehouse/checks/collect"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/target"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

// Options of a run.
type Options struct {
	// Items are what is judged, in the order of the report.
	Items []checklist.Item
	// Targets are the systems that are read.
	Targets target.Targets
	// Folder is the project's: artefacts are found relative to it.
	Folder string
	// Policies are what the rules found in the environment's state; when there is
	// no state, it is nil and NoPolicies says why.
	Policies   *report.Result
	NoPolicies string
	// Pretended says, by checker, why a failure that it sees is only a stand-in's:
	// an emulator keeps no such thing. It is UNKNOWN then.
	Pretended map[string]string
	// Attestations and Waivers of the project, for any environment.
	Attestations []attestations.Attestation
	Waivers      []report.Waiver
	// Committed finds the revision that last wrote lines of one of the project's
	// files; nil finds none.
	Committed func(file string, line, endLine int) *readiness.Commit
	// FailOn is the least severity that makes the run fail.
	FailOn report.Severity
	Limits collect.Limits
	// Now is the clock.
	Now func() time.Time
	// Progress is told how many of the queries are done; it may be nil.
	Progress func(done, all int)
}

// Run reads what the items need and judges them. It always returns a whole
// report: what could not be read, because of a server or because the context
// ended, is UNKNOWN.
func Run(ctx context.Context, o Options) readiness.Run {
	run := readiness.Run{Environment: o.Targets.Environment, Started: o.Now().UTC(), NoPolicies: o.NoPolicies}
	if o.Policies != nil {
		run.Policies, run.NoPolicies = policiesOf(*o.Policies), ""
	}
	if o.Targets.AWS != nil {
		run.Account, run.Region = o.Targets.AWS.AccountID, o.Targets.AWS.Region
	}
	checkers := byID()
	needs := needsOf(o.Items, checkers)
	review := slices.ContainsFunc(o.Items, func(i checklist.Item) bool { return i.ID == accessReview })
	if review {
		needs = append(needs, access.Needs()...)
		slices.Sort(needs)
		needs = slices.Compact(needs)
	}
	sources := Open(ctx, o.Targets, o.Folder, needs)
	facts, records := collect.Gather(ctx, collect.Plan{
		Needs: needs, Readers: sources.Readers, Missing: o.Targets.Missing, Identities: sources.Identities,
		Redact: sources.Redact, Now: o.Now, Progress: counted(len(needs), o.Progress),
	}, o.Limits)
	run.Interrupted = ctx.Err() != nil
	sources.Close()
	if review {
		run.Access = access.Review(facts)
	}
	j := judging{
		Options: o, checkers: checkers, facts: facts, access: run.Access,
		env: judge.Environment{Name: o.Targets.Environment, Now: run.Started, Namespaces: o.Targets.Namespaces},
	}
	for _, item := range o.Items {
		run.Items = append(run.Items, j.judge(item))
	}
	run.Evidence = records
	run.Versions = versions(facts)
	run.Seconds = o.Now().UTC().Sub(run.Started).Seconds()
	run.Finish(o.FailOn)
	return run
}

// judging is a run whose reading is done.
type judging struct {
	Options
	env      judge.Environment
	checkers map[string]judge.Checker
	facts    evidence.Facts
	// access is today's list for the access review, nil when there is none.
	access *readiness.Access
}

// judge decides one item by everything that decides it.
func (o judging) judge(item checklist.Item) readiness.Item {
	thresholds := item.Thresholds.With(o.Targets.Thresholds[item.ID])
	var parts []readiness.Judgement
	for _, id := range item.Checkers {
		parts = append(parts, o.believed(o.checkers[id].Do(o.env, thresholds, o.facts)))
	}
	if len(item.Policies) > 0 {
		parts = append(parts, o.byPolicies(item))
	}
	if item.Attestation != "" {
		parts = append(parts, o.byAttestation(item))
	}
	result := readiness.Item{
		ID: item.ID, Guide: item.Guide, Section: item.Section, Title: item.Title, Text: item.Text,
		Severity: item.Severity, Phase: item.Phase, Layer: item.Layer, Frameworks: item.Frameworks, Remediation: item.Remediation,
		Verdict: readiness.Combine(parts), Judgements: parts, Evidence: []string{},
	}
	result.Expected, result.Found = sentence(result.Verdict, parts)
	for _, part := range parts {
		for _, id := range part.Evidence {
			if !slices.Contains(result.Evidence, id) {
				result.Evidence = append(result.Evidence, id)
			}
		}
	}
	result.Overlay = o.overlay(item, result.Verdict)
	return result
}

// believed is a judgement, but for a failure that only a stand-in shows.
func (o Options) believed(j readiness.Judgement) readiness.Judgement {
	why, pretended := o.Pretended[j.Checker]
	if !pretended || j.Verdict != readiness.Fail {
		return j
	}
	j.Verdict, j.Failures, j.Pretended = readiness.Unknown, nil, true
	j.Reasons = append([]string{why}, j.Reasons...)
	j.Found = why
	return j
}

// sentence takes what was expected and found from the part that decided.
func sentence(verdict readiness.Verdict, parts []readiness.Judgement) (expected, found string) {
	for _, part := range parts {
		if part.Verdict != verdict {
			continue
		}
		if expected != "" {
			expected, found = expected+"; ", found+"; "
		}
		expected, found = expected+part.Expected, found+part.Found
	}
	return expected, found
}

// needsOf are the queries that the items' checkers read.
func needsOf(items []checklist.Item, checkers map[string]judge.Checker) []evidence.Name {
	var needs []evidence.Name
	for _, item := range items {
		for _, id := range item.Checkers {
			needs = append(needs, checkers[id].Needs...)
		}
	}
	slices.Sort(needs)
	return slices.Compact(needs)
}

// counted makes of a count of queries a progress that is told in order.
func counted(all int, progress func(done, all int)) func(evidence.Name) {
	if progress == nil {
		return nil
	}
	var mu sync.Mutex
	done := 0
	return func(evidence.Name) {
		mu.Lock()
		defer mu.Unlock()
		done++
		progress(done, all)
	}
}
