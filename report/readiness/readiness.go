// Package readiness is the report of a readiness run: what each item of the
// checklist was judged to be, on what evidence, and what was laid over it.
//
// Collectors and checkers live in checks; showing it is report/render's work.
package readiness

import (
	"time"

	"gatehouse/report"
)

// Verdict is what a run says of an item of the checklist.
type Verdict string

// The verdicts. Only Pass says that an item holds.
const (
	// Pass: read, and as it must be.
	Pass Verdict = "PASS"
	// Fail: read, and not as it must be.
	Fail Verdict = "FAIL"
	// Error: the checker itself failed and has judged nothing.
	Error Verdict = "ERROR"
	// Unknown: what decides could not be read, or there was nothing to look at.
	Unknown Verdict = "UNKNOWN"
	// NotApplicable: the item does not concern this environment, for a reason.
	NotApplicable Verdict = "NOT_APPLICABLE"
	// Manual: only a person can say.
	Manual Verdict = "MANUAL"
)

// Verdicts is every verdict, in the order in which people want them: what is
// wrong before what is not known before what is right.
var Verdicts = []Verdict{Fail, Error, Unknown, Manual, NotApplicable, Pass}

// Phase is when an item is judged.
type Phase string

// The phases.
const (
	PreDeploy  Phase = "pre-deploy"
	PostDeploy Phase = "post-deploy"
	Periodic   Phase = "periodic"
)

// Format names the shape of a run's JSON and its version: "gatehouse.readiness/1".
// A change that readers of the version before would misread raises the number.
const Format = "gatehouse.readiness/1"

// IDTime is how the start of a run is written in its ID, to the second in UTC.
const IDTime = "20060102T150405Z"

// Run is one run of the checks over an environment: the one report model that
// every renderer shows. What was seen comes first; what follows from it is made
// by [Run.Finish], report/frameworks and report/compare, never by a renderer.
type Run struct {
	// Format is [Format].
	Format string `json:"format"`
	// ID names the run everywhere: environment and start, e.g.
	// staging-20261122T101500Z.
	ID          string    `json:"id"`
	Environment string    `json:"environment"`
	Account     string    `json:"account,omitempty"`
	Region      string    `json:"region,omitempty"`
	Sandbox     bool      `json:"sandbox"`
	Started     time.Time `json:"started"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	// Interrupted is whether the run was cut off: what is missing is UNKNOWN.
	Interrupted bool `json:"interrupted"`
	// Versions are those of what judged and of what was judged.
	Versions []Version `json:"versions"`
	// Identities are who read each system.
	Identities []Identity `json:"identities"`
	// Project is the revision that the environment is declared in; nil when it
	// is not known.
	Project  *Commit    `json:"project"`
	Items    []Item     `json:"items"`
	Evidence []Evidence `json:"evidence"`
	// Policies are what the rules found in the environment's state; when nil,
	// NoPolicies says why.
	Policies   *Policies `json:"policies"`
	NoPolicies string    `json:"noPolicies,omitempty"`
	// Deployed are the resources of the state, nil when there is none.
	Deployed *Deployed `json:"deployed"`
	// Access is who can do what, nil when nothing of it was read.
	Access *Access `json:"access"`
	// Expiring are the attestations and waivers of this environment that end
	// within [Soon], or have ended.
	Expiring []Expiring `json:"expiring"`

	Summary  Summary  `json:"summary"`
	Coverage Coverage `json:"coverage"`
	// Sections are the scores of the guides' sections, in the checklist's order.
	Sections []Score `json:"sections"`
	// Layers are the environment's, lowest first, with what stands on them.
	Layers     []Layer     `json:"layers"`
	Frameworks []Framework `json:"frameworks"`
	// Comparison is with the run before, nil when there is none.
	Comparison *Comparison `json:"comparison"`
	// Trend are the runs before and this one, oldest first.
	Trend []Point `json:"trend"`
	// Next is what to do, most important first.
	Next []Step `json:"next"`
}

// Item is what was judged of one item of the checklist.
type Item struct {
	// ID is its name everywhere, e.g. DB-3.
	ID string `json:"id"`
	// Guide and Section are where the checkbox stands.
	Guide   string `json:"guide"`
	Section string `json:"section"`
	// Title is short; Text is the checkbox's own words.
	Title      string             `json:"title"`
	Text       string             `json:"text"`
	Severity   report.Severity    `json:"severity"`
	Phase      Phase              `json:"phase"`
	Frameworks []report.Framework `json:"frameworks"`
	// Verdict is the raw one: an overlay never changes it.
	Verdict Verdict  `json:"verdict"`
	Overlay *Overlay `json:"overlay"`
	// Expected and Found are one sentence each, Found of what decided.
	Expected string `json:"expected"`
	Found    string `json:"found"`
	// Judgements are the parts that made the verdict, one a checker.
	Judgements []Judgement `json:"judgements"`
	// Remediation says what to do when the item fails.
	Remediation string `json:"remediation"`
	// Evidence are the IDs of what was read for it.
	Evidence []string `json:"evidence"`
	// Layer is the layer of an environment that it is about; "" for the way
	// that people work.
	Layer string `json:"layer,omitempty"`
	// Vacuous is whether it does not fail only because there was nothing to
	// look at.
	Vacuous bool `json:"vacuous,omitempty"`
	// History is what the runs before said, newest first.
	History []Past `json:"history"`
}

// Judgement is what one checker said.
type Judgement struct {
	// Checker is its ID, "policies" or "attestation".
	Checker  string  `json:"checker"`
	Verdict  Verdict `json:"verdict"`
	Expected string  `json:"expected"`
	Found    string  `json:"found"`
	// Subjects counts what was looked at: 0 proves nothing.
	Subjects int       `json:"subjects"`
	Failures []Failure `json:"failures,omitempty"`
	// Reasons say why it is UNKNOWN, ERROR or NOT_APPLICABLE.
	Reasons []string `json:"reasons,omitempty"`
	// Pretended is whether it is UNKNOWN only because an emulator stands in for
	// what was looked at: a real environment can tell.
	Pretended bool     `json:"pretended,omitempty"`
	Evidence  []string `json:"evidence"`
}

// Failure is one subject that is not as it must be.
type Failure struct {
	// Where names the subject: "pod developer-portal/websocket-0, container app".
	Where string `json:"where"`
	Found string `json:"found"`
	// Remedy says what to do about this one; "" leaves it to the item's.
	Remedy string `json:"remedy,omitempty"`
}

// Overlay is what people have said about an item beside its verdict.
type Overlay struct {
	// Kind is "waived" or "attested".
	Kind string `json:"kind"`
	// By is who approved or attested, On the day it was stated (attestations).
	By      string `json:"by"`
	On      string `json:"on,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Link    string `json:"link"`
	Expires string `json:"expires"`
	// Commit is the revision that last wrote it; nil when it is not committed,
	// or the project is no repository.
	Commit *Commit `json:"commit"`
}

// The kinds of overlay.
const (
	Waived   = "waived"
	Attested = "attested"
)

// Evidence is one thing that was read, or could not be.
type Evidence struct {
	// ID is the query's name, e.g. rds.instances: one a run.
	ID string `json:"id"`
	// Source is the kind of system: aws, kubernetes, postgres, …
	Source string `json:"source"`
	// Query is what was asked, in the source's own language.
	Query string `json:"query"`
	// Identity is who asked, as the source knows them.
	Identity string    `json:"identity,omitempty"`
	At       time.Time `json:"at"`
	Seconds  float64   `json:"seconds"`
	// SHA256 is over Content, "" when nothing was read.
	SHA256 string `json:"sha256,omitempty"`
	// Content is what was read, as JSON, redacted. It is not in the report
	// itself: see the evidence bundle.
	Content []byte `json:"-"`
	// Complete is whether all of it was read; Problems say what was not.
	Complete bool      `json:"complete"`
	Problems []Problem `json:"problems,omitempty"`
}

// Problem is why something could not be read, as the report shows it.
type Problem struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

// Summary counts items by raw verdict; every verdict has its key.
type Summary struct {
	Counts
	// Percent is the share of what applies that holds; nil when nothing applies.
	Percent *int `json:"percent"`
	// Failed is whether an item at or above FailOn fails or errs without a waiver.
	Failed bool            `json:"failed"`
	FailOn report.Severity `json:"failOn"`
	// Ready is whether nothing at all is left open.
	Ready bool `json:"ready"`
	// Headline says it in one sentence.
	Headline string `json:"headline"`
}
