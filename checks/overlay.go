package checks

import (
	"fmt"
	"path"
	"slices"
	"time"

	"gatehouse/checks/checklist"
	"gatehouse/checks/judge"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

// attestationPart is the name of the part of a judgement that a person makes.
const attestationPart = "attestation"

// byAttestation says what a person has to state, and whether someone has.
func (o Options) byAttestation(item checklist.Item, env judge.Environment) readiness.Judgement {
	j := readiness.Judgement{
		Checker: attestationPart, Verdict: readiness.Manual, Expected: item.Attestation, Evidence: []string{},
	}
	a, is := o.attestation(item.ID, env)
	switch is {
	case holds:
		j.Subjects = 1
		j.Found = fmt.Sprintf("%s stated on %s: %s (%s)", a.Owner, a.On, a.Statement, a.Link)
	case expired:
		j.Found = fmt.Sprintf("what %s stated on %s expired on %s: state it anew with gatehouse attest %s", a.Owner, a.On, a.Expires, item.ID)
	case early:
		j.Found = fmt.Sprintf("what %s states begins on %s", a.Owner, a.On)
	default:
		j.Found = fmt.Sprintf("nobody has stated it: gatehouse attest %s", item.ID)
	}
	return j
}

// standing is how an attestation stands at the time of the run.
type standing int

const (
	absent standing = iota
	expired
	early
	holds
)

// attestation finds the one that holds, else the newest that does not.
func (o Options) attestation(item string, env judge.Environment) (attestations.Attestation, standing) {
	best, found := attestations.Attestation{}, absent
	for _, a := range o.Attestations {
		if a.Item != item || !a.For(env.Name) {
			continue
		}
		is := expired
		switch {
		case a.Holds(env.Name, env.Now):
			is = holds
		case a.On > env.Now.UTC().Format(time.DateOnly):
			is = early
		}
		if is > found || is == found && a.Expires > best.Expires {
			best, found = a, is
		}
	}
	return best, found
}

// overlay is what people have said: an attestation of an item that only a
// person can decide, or a waiver of one that is open. A failure that was seen
// live is never attested away.
func (o Options) overlay(item checklist.Item, verdict readiness.Verdict, env judge.Environment) *readiness.Overlay {
	switch verdict {
	case readiness.Pass, readiness.NotApplicable:
		return nil
	case readiness.Manual:
		if a, is := o.attestation(item.ID, env); is == holds {
			return &readiness.Overlay{
				Kind: readiness.Attested, By: a.Owner, On: a.On, Reason: a.Statement, Link: a.Link, Expires: a.Expires,
			}
		}
	}
	day := env.Now.UTC().Format(time.DateOnly)
	at := slices.IndexFunc(o.Waivers, func(w report.Waiver) bool {
		here := len(w.Environments) == 0 || slices.Contains(w.Environments, env.Name)
		matched, _ := path.Match(w.Resource, item.ID)
		return w.Rule == item.ID && here && matched && day <= w.Expires
	})
	if at < 0 {
		return nil
	}
	w := o.Waivers[at]
	return &readiness.Overlay{Kind: readiness.Waived, By: w.Approver, Reason: w.Reason, Link: w.Ticket, Expires: w.Expires}
}
