package operations

import (
	"regexp"

	"gatehouse/checks/evidence"
)

// receivers are the names of those whom a route tells of an alert, found as
// Alertmanager does (its documentation of <route>): the first route below that
// matches wins, unless it says to continue; with none, the route itself.
func receivers(r evidence.AlertmanagerRoute, labels map[string]string) []string {
	if !matchesAll(r.Matchers, labels) {
		return nil
	}
	var found []string
	for _, below := range r.Routes {
		told := receivers(below, labels)
		found = append(found, told...)
		if len(told) > 0 && !below.Continue {
			break
		}
	}
	if len(found) == 0 {
		return []string{r.Receiver}
	}
	return found
}

func matchesAll(matchers []evidence.AlertmanagerMatcher, labels map[string]string) bool {
	for _, m := range matchers {
		if !matches(m, labels[m.Name]) {
			return false
		}
	}
	return true
}

// matches takes an expression that is none as one that never matches:
// Alertmanager would not have loaded it.
func matches(m evidence.AlertmanagerMatcher, value string) bool {
	if !m.Regex {
		return (m.Value == value) == m.Equal
	}
	pattern, err := regexp.Compile("^(?:" + m.Value + ")$")
	return err == nil && pattern.MatchString(value) == m.Equal
}

// integrations are the kinds of those of some receivers' integrations.
func integrations(routing evidence.AlertmanagerRouting, names []string) []string {
	var kinds []string
	for _, name := range names {
		for _, r := range routing.Receivers {
			if r.Name == name {
				kinds = append(kinds, r.Integrations...)
			}
		}
	}
	return kinds
}
