package infrastructure

import (
	"fmt"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var databaseWindows = judge.Checker{
	ID:       "rds-windows",
	Expected: "AWS maintains the database within the announced window, and backs it up outside of it",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		text := c.Text("maintenanceWindow")
		c.Expect("AWS maintains the database within %s UTC and backs it up outside of that", text)
		allowed, err := parseWindow(text)
		if err != nil {
			panic(err) // the checklist is wrong
		}
		for _, d := range judge.Read(c, evidence.AWSDatabases) {
			where := "database " + d.ID
			maintenance, err := parseWindow(d.MaintenanceWindow)
			if err != nil {
				c.Unknown("the maintenance window of %s cannot be understood: %v", where, err)
				continue
			}
			c.Require(allowed.holds(maintenance), where, "its maintenance window is %s, outside of %s", d.MaintenanceWindow, text)
			if d.SourceID == "" && d.BackupDays > 0 {
				overlap, err := daily(d.BackupWindow, maintenance)
				if err != nil {
					c.Unknown("the backup window of %s cannot be understood: %v", where, err)
					continue
				}
				c.Require(!overlap, where, "its backup window %s falls into its maintenance", d.BackupWindow)
			}
			c.Note("%s: maintained %s, backed up %s, minor upgrades by itself %s", d.ID, d.MaintenanceWindow, d.BackupWindow, onOff(d.MinorUpgrades))
		}
	},
}

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
)

// window is a part of the week in minutes from Sunday 00:00 UTC; it may run
// over the week's end.
type window struct{ from, length int }

// parseWindow reads ddd:hh:mm-ddd:hh:mm, as AWS writes it.
func parseWindow(text string) (window, error) {
	first, second, ok := strings.Cut(strings.ToLower(text), "-")
	if !ok {
		return window{}, fmt.Errorf("%q is not ddd:hh:mm-ddd:hh:mm", text)
	}
	from, err := minuteOfWeek(first)
	if err != nil {
		return window{}, err
	}
	to, err := minuteOfWeek(second)
	if err != nil {
		return window{}, err
	}
	return window{from, (to - from + minutesOfWeek) % minutesOfWeek}, nil
}

func minuteOfWeek(text string) (int, error) {
	name, clock, _ := strings.Cut(text, ":")
	day := -1
	for i, each := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if each == name {
			day = i
		}
	}
	minute, err := minuteOfDay(clock)
	if day < 0 || err != nil {
		return 0, fmt.Errorf("%q is not ddd:hh:mm", text)
	}
	return day*minutesOfDay + minute, nil
}

func minuteOfDay(text string) (int, error) {
	h, m, _ := strings.Cut(text, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if err != nil || err2 != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, fmt.Errorf("%q is not hh:mm", text)
	}
	return hour*60 + minute, nil
}

// holds tells whether the other window lies within this one.
func (w window) holds(other window) bool {
	offset := (other.from - w.from + minutesOfWeek) % minutesOfWeek
	return offset+other.length <= w.length
}

func (w window) overlaps(other window) bool {
	return (other.from-w.from+minutesOfWeek)%minutesOfWeek < w.length || (w.from-other.from+minutesOfWeek)%minutesOfWeek < other.length
}

// daily tells whether a daily window hh:mm-hh:mm falls into a weekly one.
func daily(text string, weekly window) (bool, error) {
	first, second, _ := strings.Cut(text, "-")
	from, err := minuteOfDay(first)
	if err != nil {
		return false, err
	}
	to, err := minuteOfDay(second)
	if err != nil {
		return false, err
	}
	length := (to - from + minutesOfDay) % minutesOfDay
	for day := range 7 {
		if weekly.overlaps(window{day*minutesOfDay + from, length}) {
			return true, nil
		}
	}
	return false, nil
}
