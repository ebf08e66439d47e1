package config

import (
	"fmt"
	"regexp"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is when a job runs, in UTC: minute, hour, day of the month, month and
// day of the week, as a Kubernetes CronJob takes it.
type Cron string

// Macros and time zones, which the parser would take, are left out: one
// notation, one zone.
var cronPattern = regexp.MustCompile(`^[0-9a-z*,/-]+( [0-9a-z*,/-]+){4}$`)

func (*Cron) form() form {
	return form{what: "a schedule (five cron fields, UTC)", example: `"0 */6 * * *"`, pattern: cronPattern}
}

// UnmarshalText accepts five fields that the parser of Kubernetes accepts.
func (c *Cron) UnmarshalText(text []byte) error {
	if err := c.form().check(string(text)); err != nil {
		return err
	}
	if _, err := cron.ParseStandard(string(text)); err != nil {
		return &formError{message: fmt.Sprintf("%s is not a schedule: %v", quote(string(text)), err)}
	}
	*c = Cron(text)
	return nil
}

// gaps are the shortest and the longest time between two runs within a year
// and a month from the given time. Both are 0 when it never runs. Reading
// stops as soon as one of them is outside its limit.
func (c Cron) gaps(from time.Time, least, most time.Duration) (shortest, longest time.Duration) {
	schedule, err := cron.ParseStandard(string(c))
	if err != nil {
		return 0, 0
	}
	last := schedule.Next(from.UTC())
	if last.IsZero() {
		return 0, 0
	}
	shortest = most
	for end := last.AddDate(1, 1, 0); last.Before(end) && shortest >= least && longest <= most; {
		next := schedule.Next(last)
		if next.IsZero() {
			return shortest, most + 1
		}
		shortest, longest = min(shortest, next.Sub(last)), max(longest, next.Sub(last))
		last = next
	}
	return shortest, longest
}
