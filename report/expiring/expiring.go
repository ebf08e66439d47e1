// Package expiring finds the attestations and waivers of an environment that end
// soon, or have ended and were not renewed, with the command that renews each.
//
// What they are laid over is the business of checks and report/waivers.
package expiring

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

// Of lists what ends within [readiness.Soon], or has ended, of what is for an
// environment; what ends first comes first. One that a newer one of the same
// item, or of the same rule and resource, follows without a gap is left out.
func Of(stated []attestations.Attestation, waived []report.Waiver, environment string, now time.Time) []readiness.Expiring {
	var all []statement
	for _, a := range stated {
		if a.For(environment) {
			all = append(all, ofAttestation(a, environment))
		}
	}
	for _, w := range waived {
		if len(w.Environments) == 0 || slices.Contains(w.Environments, environment) {
			all = append(all, ofWaiver(w, environment))
		}
	}
	today := now.UTC().Truncate(24 * time.Hour)
	found := []readiness.Expiring{}
	for i, s := range all {
		s.Days = daysLeft(s.Expires, today)
		if s.Days <= int(readiness.Soon/(24*time.Hour)) && !replaced(all, i, today) {
			found = append(found, s.Expiring)
		}
	}
	slices.SortFunc(found, func(a, b readiness.Expiring) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.By, b.By))
	})
	return found
}

// statement is what may end, with the day from which on it holds ("" for ever).
type statement struct {
	readiness.Expiring
	on string
}

func ofAttestation(a attestations.Attestation, environment string) statement {
	command := []string{"gatehouse", "attest", a.Item, "-s", environment, "--owner", a.Owner, "--statement", "TEXT", "--link", "URL"}
	if a.Digest != "" {
		command = append(command, "--digest", "DIGEST")
	}
	return statement{on: a.On, Expiring: readiness.Expiring{
		Kind: readiness.Attested, Of: a.Item, By: a.Owner, Expires: a.Expires, Remedy: line(append(command, "--expires", "DATE")),
	}}
}

func ofWaiver(w report.Waiver, environment string) statement {
	command := []string{"gatehouse", "waive", w.Rule}
	if !report.IsItem(w.Rule) || w.Resource != "*" {
		command = append(command, "--resource", w.Resource)
	}
	if len(w.Environments) > 0 {
		command = append(command, "-s", strings.Join(w.Environments, ","))
	}
	command = append(command, "--reason", "TEXT", "--approver", w.Approver, "--ticket", "KEY", "--expires", "DATE")
	return statement{Expiring: readiness.Expiring{
		Kind: readiness.Waived, Of: w.Rule, Resource: w.Resource, By: w.Approver, Expires: w.Expires, Remedy: line(command),
	}}
}

// replaced tells whether another statement of the same thing goes on where this
// one ends, or did before today. Of two that end together the later written one
// counts.
func replaced(all []statement, i int, today time.Time) bool {
	old := all[i]
	for k, s := range all {
		same := s.Kind == old.Kind && s.Of == old.Of && s.Resource == old.Resource
		newer := s.Expires > old.Expires || s.Expires == old.Expires && k > i
		if same && k != i && newer && s.on <= next(old.Expires, today) {
			return true
		}
	}
	return false
}

// next is the day after a last day, or today when that has gone by.
func next(expires string, today time.Time) string {
	last, err := time.Parse(time.DateOnly, expires)
	if err != nil || last.Before(today) {
		return today.Format(time.DateOnly)
	}
	return last.AddDate(0, 0, 1).Format(time.DateOnly)
}

// daysLeft counts the days from today to the last one: 0 on it, below 0 after
// it. A day that cannot be read, which the readers of the files refuse, has
// passed.
func daysLeft(expires string, today time.Time) int {
	last, err := time.Parse(time.DateOnly, expires)
	if err != nil {
		return -1
	}
	return int(last.Sub(today) / (24 * time.Hour))
}

// line is a command as a POSIX shell reads it.
func line(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if strings.Trim(word, plain) != "" || word == "" {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// plain are the characters that mean themselves to a shell.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,@%+="
