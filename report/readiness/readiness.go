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

// Run is one run of the checks over an environment.
type Run struct {
	Environment string    `json:"environment"`
	Started     time.Time `json:"started"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	// Interrupted is whether the run was cut off: what is missing is UNKNOWN.
	Interrupted bool       `json:"interrupted"`
	Items       []Item     `json:"items"`
	Evidence    []Evidence `json:"evidence"`
	Summary     Summary    `json:"summary"`
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
	Reasons  []string `json:"reasons,omitempty"`
	Evidence []string `json:"evidence"`
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
	Pass          int `json:"PASS"`
	Fail          int `json:"FAIL"`
	Error         int `json:"ERROR"`
	Unknown       int `json:"UNKNOWN"`
	NotApplicable int `json:"NOT_APPLICABLE"`
	Manual        int `json:"MANUAL"`
	// Waived counts failing items that a waiver is laid over, Attested manual
	// ones with an attestation that holds.
	Waived   int `json:"waived"`
	Attested int `json:"attested"`
	// Failed is whether an item at or above FailOn fails or errs without a waiver.
	Failed bool            `json:"failed"`
	FailOn report.Severity `json:"failOn"`
	// Ready is whether nothing at all is left open.
	Ready bool `json:"ready"`
}
