package waivers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/report"
)

// soon is how long before its last day a waiver is spoken of.
const soon = 30

// Options say what is being judged.
type Options struct {
	// Now decides which waivers have expired: one holds through its last day,
	// in UTC.
	Now time.Time
	// Environment is the stack, "" for manifests, for which only waivers of all
	// environments hold.
	Environment string
	// Rules are the IDs of every rule that exists, on or off.
	Rules []string
	// File is where the waivers are written, for locations.
	File string
	// Complete is whether all rules judged the whole environment: only then is
	// a waiver that covered nothing an unused one.
	Complete bool
}

// Apply lays waivers over findings and adds what is to be said of the waivers
// themselves. Verdicts stay, and the list that is given is left alone.
func Apply(findings []report.Finding, waivers []report.Waiver, o Options) []report.Finding {
	b := newBook(waivers, o)
	out := slices.Clone(findings)
	for i := range out {
		if !strings.HasPrefix(out[i].Rule, prefix) {
			b.cover(&out[i])
		}
	}
	for _, e := range b.entries {
		if f, ok := e.finding(o); ok {
			out = append(out, f)
		}
	}
	return out
}

// entry is a waiver in one run.
type entry struct {
	report.Waiver
	order int  // its place in the file
	left  int  // days that it still holds; 0 on its last day, negative after it
	here  bool // whether it is for this environment
	used  bool // whether it covers a finding, or would if it held
}

// book finds the waivers of a finding. Those that name one resource, of which a
// baseline has thousands, are looked up; only patterns are tried one by one.
type book struct {
	entries  []*entry
	exact    map[[2]string][]*entry // by rule and resource
	patterns map[string][]*entry    // by rule
}

func newBook(waivers []report.Waiver, o Options) book {
	b := book{exact: map[[2]string][]*entry{}, patterns: map[string][]*entry{}}
	for i, w := range waivers {
		here := len(w.Environments) == 0 || slices.Contains(w.Environments, o.Environment)
		e := &entry{Waiver: w, order: i, left: daysLeft(w.Expires, o.Now), here: here}
		b.entries = append(b.entries, e)
		switch {
		case !here:
		case strings.ContainsAny(w.Resource, "*?"):
			b.patterns[w.Rule] = append(b.patterns[w.Rule], e)
		default:
			key := [2]string{w.Rule, w.Resource}
			b.exact[key] = append(b.exact[key], e)
		}
	}
	return b
}

// cover lays the first waiver of the file that holds over a finding, and marks
// all that cover it as used.
func (b book) cover(f *report.Finding) {
	f.Waived, f.Waiver = false, nil
	var first *entry
	use := func(e *entry) {
		e.used = true
		if e.left >= 0 && (first == nil || e.order < first.order) {
			first = e
		}
	}
	subject := f.Subject()
	for _, name := range []string{subject, f.Resource} {
		for _, e := range b.exact[[2]string{f.Rule, name}] {
			use(e)
		}
	}
	for _, e := range b.patterns[f.Rule] {
		if match(e.Resource, subject) || match(e.Resource, f.Resource) {
			use(e)
		}
	}
	if first != nil {
		f.Waived, f.Waiver = true, &first.Waiver
	}
}

// finding is what is to be said of the waiver itself: the first that applies.
// One that expired unnoticed because nothing needs it is only unused.
func (e *entry) finding(o Options) (report.Finding, bool) {
	switch {
	case !slices.Contains(o.Rules, e.Rule):
		return e.about(UnknownRule, o, "there is no rule "+e.Rule+meant(e.Rule, o.Rules)), true
	case !e.here:
		return report.Finding{}, false
	case o.Complete && !e.used:
		return e.about(Unused, o, "nothing needs the waiver of "+e.Rule), true
	case e.left < 0:
		return e.about(Expired, o, fmt.Sprintf("the waiver of %s expired on %s", e.Rule, e.Expires)), true
	case e.left <= soon:
		return e.about(ExpiresSoon, o, fmt.Sprintf("the waiver of %s expires on %s", e.Rule, e.Expires)), true
	default:
		return report.Finding{}, false
	}
}

// about is a finding about the waiver.
func (e *entry) about(id string, o Options, message string) report.Finding {
	rule := rules[slices.IndexFunc(rules, func(r report.Rule) bool { return r.ID == id })]
	return report.Finding{
		Rule: rule.ID, Title: rule.Title, Severity: rule.Severity, Level: rule.Level, Remediation: rule.Remediation,
		Verdict: report.Deny, Resource: e.Resource, Message: message,
		Location: &report.Location{File: o.File, Line: e.Line},
	}
}

// daysLeft counts the days from today to the last one. A day that cannot be
// read, which Parse refuses, has passed.
func daysLeft(expires string, now time.Time) int {
	last, err := time.Parse(time.DateOnly, expires)
	if err != nil {
		return -1
	}
	return int(last.Sub(now.UTC().Truncate(24*time.Hour)).Hours() / 24)
}
