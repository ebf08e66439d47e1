package checks

import (
	"fmt"
	"path"
	"slices"
	"time"

	"gatehouse/checks/access"
	"gatehouse/checks/checklist"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
	"gatehouse/report/waivers"
)

// accessReview is the item whose attestation is about the list of who can do
// what.
const accessReview = "COMP-5"

// attestationPart is the name of the part of a judgement that a person makes.
const attestationPart = "attestation"

// byAttestation says what a person has to state, and whether someone has.
func (o judging) byAttestation(item checklist.Item) readiness.Judgement {
	j := readiness.Judgement{
		Checker: attestationPart, Verdict: readiness.Manual, Expected: item.Attestation, Evidence: []string{},
	}
	a, is := o.attestation(item.ID)
	switch is {
	case holds:
		j.Subjects = 1
		j.Found = fmt.Sprintf("%s stated on %s: %s (%s)", a.Owner, a.On, a.Statement, a.Link)
	case expired:
		j.Found = fmt.Sprintf("what %s stated on %s expired on %s: state it anew with gatehouse attest %s", a.Owner, a.On, a.Expires, item.ID)
	case outdated:
		_, j.Found = access.Stands(a, o.access)
	case early:
		j.Found = fmt.Sprintf("what %s states begins on %s", a.Owner, a.On)
	default:
		j.Found = fmt.Sprintf("nobody has stated it: gatehouse attest %s", item.ID)
		if item.ID == accessReview && o.access != nil {
			j.Found += " --digest " + o.access.Digest
		}
	}
	return j
}

// standing is how an attestation stands at the time of the run.
type standing int

const (
	absent standing = iota
	expired
	early
	// outdated: it was about another list than today's.
	outdated
	holds
)

// attestation finds the one that holds, else the newest that does not.
func (o judging) attestation(item string) (attestations.Attestation, standing) {
	best, found := attestations.Attestation{}, absent
	for _, a := range o.Attestations {
		if a.Item != item || !a.For(o.env.Name) {
			continue
		}
		is := expired
		switch {
		case a.Holds(o.env.Name, o.env.Now):
			is = holds
			if stands, _ := access.Stands(a, o.access); !stands {
				is = outdated
			}
		case a.On > o.env.Now.UTC().Format(time.DateOnly):
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
func (o judging) overlay(item checklist.Item, verdict readiness.Verdict) *readiness.Overlay {
	switch verdict {
	case readiness.Pass, readiness.NotApplicable:
		return nil
	case readiness.Manual:
		if a, is := o.attestation(item.ID); is == holds {
			return &readiness.Overlay{
				Kind: readiness.Attested, By: a.Owner, On: a.On, Reason: a.Statement, Link: a.Link, Expires: a.Expires,
				Commit: o.committed(attestations.FileName, a.Line, a.EndLine),
			}
		}
	}
	day := o.env.Now.UTC().Format(time.DateOnly)
	at := slices.IndexFunc(o.Waivers, func(w report.Waiver) bool {
		here := len(w.Environments) == 0 || slices.Contains(w.Environments, o.env.Name)
		matched, _ := path.Match(w.Resource, item.ID)
		return w.Rule == item.ID && here && matched && day <= w.Expires
	})
	if at < 0 {
		return nil
	}
	w := o.Waivers[at]
	return &readiness.Overlay{
		Kind: readiness.Waived, By: w.Approver, Reason: w.Reason, Link: w.Ticket, Expires: w.Expires,
		Commit: o.committed(waivers.FileName, w.Line, w.EndLine),
	}
}

// committed is the revision that last wrote a statement.
func (o Options) committed(file string, line, endLine int) *readiness.Commit {
	if o.Committed == nil {
		return nil
	}
	return o.Committed(file, line, endLine)
}
