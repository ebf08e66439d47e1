package operations

import (
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// broad are the labels that a whole environment, or most of it, shares. A
// silence on these alone takes everything with it.
var broad = []string{"severity", "cluster", "environment", "env", "team", "region", "prometheus", "namespace"}

// silencesNarrow: thresholds maxSilence.
var silencesNarrow = judge.Checker{
	ID:       "alert-silences-narrow",
	Expected: "No silence covers more than single alerts, and none lasts for good",
	Needs:    []evidence.Name{evidence.AlertmanagerSilences.Name()},
	Judge: func(c *judge.Case) {
		longest := c.Duration("maxSilence")
		c.Expect("every silence names what it is about, and ends within %s", days(longest))
		silences, all := judge.Whole(c, evidence.AlertmanagerSilences)
		active := 0
		for _, s := range silences {
			if s.State == "expired" {
				continue
			}
			active++
			where := "silence " + s.ID + " by " + s.By
			switch left := s.Ends.Sub(c.Now); {
			case !narrow(s):
				c.FailWith(where, "expire it, and silence the alerts one by one", "silences everything that has %s (%s)", text(s.Matchers), s.Comment)
			default:
				c.Require(left <= longest, where, "ends only at %s (%s)", s.Ends.UTC().Format(time.RFC3339), s.Comment)
			}
		}
		if active == 0 && all { // that there is none is the best of all
			c.Saw()
		}
		c.Note("%d silences, all narrow", active)
	},
}

// narrow tells whether a silence is about something: it wants a value, not any,
// of a label that not everything shares.
func narrow(s evidence.AlertmanagerSilence) bool {
	return slices.ContainsFunc(s.Matchers, func(m evidence.AlertmanagerMatcher) bool {
		const any = "zz-any-value"
		return !slices.Contains(broad, m.Name) && m.Equal && !matches(m, any)
	})
}

func text(matchers []evidence.AlertmanagerMatcher) string {
	var all []string
	for _, m := range matchers {
		operator := map[[2]bool]string{{false, true}: "=", {false, false}: "!=", {true, true}: "=~", {true, false}: "!~"}[[2]bool{m.Regex, m.Equal}]
		all = append(all, m.Name+operator+`"`+m.Value+`"`)
	}
	return strings.Join(all, ", ")
}
