package advisory

import (
	"fmt"
	"slices"

	"deps.dev/util/semver"
)

// span is one range of an OSV record.
type span struct {
	Type   string              `json:"type"`
	Events []map[string]string `json:"events"`
}

// event is one end of an interval.
type event struct {
	kind    string
	zero    bool // before every version
	version *semver.Version
	text    string
}

// touches tells whether a record's package entry touches a version, as OSV's
// document evaluates it ("Evaluation" in the schema): a listed version does, and
// one within an interval of a SEMVER or ECOSYSTEM range. fixed is the end of that
// interval. An error is that it cannot be told.
func (a affected) touches(text string) (touched bool, fixed string, err error) {
	if slices.Contains(a.Versions, text) {
		touched = true
	}
	version, err := semver.NPM.Parse(text)
	if err != nil {
		return touched, "", fmt.Errorf("%q is no version: %w", text, err)
	}
	usable := len(a.Versions) > 0
	for _, each := range a.Ranges {
		if each.Type != "SEMVER" && each.Type != "ECOSYSTEM" {
			continue
		}
		usable = true
		events, err := each.sorted()
		if err != nil {
			return touched, "", err
		}
		within, end := walk(events, version)
		if within {
			touched, fixed = true, end
		}
	}
	if !usable {
		return false, "", fmt.Errorf("it names no versions of the package")
	}
	return touched, fixed, nil
}

func (s span) sorted() ([]event, error) {
	var events []event
	for _, each := range s.Events {
		if len(each) == 0 {
			return nil, fmt.Errorf("it has an empty event")
		}
		for kind, text := range each {
			if !slices.Contains([]string{"introduced", "fixed", "last_affected", "limit"}, kind) {
				return nil, fmt.Errorf("unknown event %q", kind)
			}
			one := event{kind: kind, text: text}
			if kind == "introduced" && text == "0" {
				one.zero = true
			} else if kind != "limit" || text != "*" {
				version, err := semver.NPM.Parse(text)
				if err != nil {
					return nil, fmt.Errorf("%q is no version: %w", text, err)
				}
				one.version = version
			}
			events = append(events, one)
		}
	}
	slices.SortStableFunc(events, compare)
	return events, nil
}

// compare orders events by version. Of two at one version the end comes before the
// beginning, but "last affected" after it: it includes its version.
func compare(a, b event) int {
	switch {
	case a.zero || b.zero:
		return rank(b.zero) - rank(a.zero)
	case a.version == nil || b.version == nil: // a limit of "*": above all
		return rank(a.version == nil) - rank(b.version == nil)
	}
	if order := a.version.Compare(b.version); order != 0 {
		return order
	}
	order := []string{"fixed", "limit", "introduced", "last_affected"}
	return slices.Index(order, a.kind) - slices.Index(order, b.kind)
}

func rank(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// walk goes up the events until the version. within is where it stands there, end
// the fix that follows.
func walk(events []event, version *semver.Version) (within bool, end string) {
	for i, each := range events {
		above := !each.zero && (each.version == nil || each.version.Compare(version) > 0)
		same := each.version != nil && each.version.Compare(version) == 0
		if above || each.kind == "last_affected" && same {
			if within {
				for _, later := range events[i:] {
					if later.kind == "fixed" {
						return true, later.text
					}
				}
			}
			return within, ""
		}
		within = each.kind == "introduced"
	}
	return within, ""
}
