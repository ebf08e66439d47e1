// Package trail keeps the audit trail of plugins: who did what to which plugin,
// when, why, with what result, as records that each hold the SHA-256 of the one
// before. What is changed, removed, repeated or put in another order shows.
//
// A log is where records are kept: a folder here, a bucket in plugins/trail/s3. A
// chain alone cannot tell that its end was cut off, or that all of it was written
// anew: for that keep the [Head] that [Append] makes known somewhere else, and give
// it to [Verify]. Who may write a record, and what is done to plugins, is decided
// elsewhere.
package trail

import (
	"time"

	"gatehouse/plugins"
)

// Format names what a record is and how it is written.
const Format = family + "1"

// family is what the formats of all versions begin with.
const family = "gatehouse.trail/"

// Record is one event. Append fills in Format, Sequence, Previous and Hash.
type Record struct {
	// Format is what this is and how it is written.
	Format string `json:"format"`
	// Sequence counts from 1, without a gap.
	Sequence int64 `json:"sequence"`
	// Time is when it happened, in UTC to the microsecond, by the writer's clock.
	// Clocks differ: the order is Sequence's, never Time's.
	Time time.Time `json:"time"`
	// Actor is who did it: a person's or a service account's name.
	Actor string `json:"actor"`
	// Action is what was done or tried.
	Action Action `json:"action"`
	// Plugin is what it was done to; null when it is about a whole generation.
	Plugin *plugins.Ref `json:"plugin"`
	// Integrity is the plugin's tarball, "" when it was not known.
	Integrity plugins.Integrity `json:"integrity"`
	// Reason says why, in a person's or the program's words; "" when nobody said.
	Reason string `json:"reason"`
	// Exceptions are the rules that were not kept, because configuration accepts it.
	Exceptions []Exception `json:"exceptions"`
	// Gate is the result of the gate, null when it was not asked.
	Gate *Gate `json:"gate"`
	// Generation is the plugin generation it is about, "" for none.
	Generation string `json:"generation"`
	// Outcome is how it ended.
	Outcome Outcome `json:"outcome"`
	// Previous is the hash of the record before, zeros for the first.
	Previous Hash `json:"previous"`
	// Hash is over this record without its hash, as canonical JSON (RFC 8785).
	Hash Hash `json:"hash"`
}

// Action is what a record is about.
type Action string

// The actions.
const (
	// VerifyPlugin: the gate was asked, and nothing else.
	VerifyPlugin Action = "verify"
	// Install, Upgrade, Uninstall: a plugin came, got another version, went.
	Install   Action = "install"
	Upgrade   Action = "upgrade"
	Uninstall Action = "uninstall"
	// Rollback: the portal went back to an earlier generation.
	Rollback Action = "rollback"
	// Refuse: the gate did not let a plugin in.
	Refuse Action = "refuse"
	// Prove: the portal was asked which plugins it had really loaded.
	Prove Action = "prove"
	// Fail: something broke, and nothing is proved.
	Fail Action = "fail"
)

// Actions is every action.
var Actions = []Action{VerifyPlugin, Install, Upgrade, Uninstall, Rollback, Refuse, Prove, Fail}

// Outcome is how an action ended.
type Outcome string

// The outcomes.
const (
	Succeeded Outcome = "succeeded"
	// Refused: by a rule; to try again changes nothing.
	Refused Outcome = "refused"
	// Failed: it could not be done or not be known.
	Failed Outcome = "failed"
)

// Outcomes is every outcome.
var Outcomes = []Outcome{Succeeded, Refused, Failed}

// Exception is one rule that was not kept, and why that was accepted.
type Exception struct {
	// Step is the gate's step.
	Step string `json:"step"`
	// Reason is configuration's.
	Reason string `json:"reason"`
}

// Gate is what the gate said.
type Gate struct {
	// Digest is the SHA-256 of its whole result as it was written elsewhere.
	Digest Hash `json:"digest"`
	// Steps are its steps in their order.
	Steps []Step `json:"steps"`
}

// Step is one step of the gate.
type Step struct {
	// Name is the step's.
	Name string `json:"name"`
	// Verdict is the gate's word for it.
	Verdict string `json:"verdict"`
}
