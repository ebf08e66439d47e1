package routing

import (
	"fmt"
	"strings"
	"time"
)

const day = 24 * 60

// Weekly is a window of the week. Start and end are minutes from Monday 00:00
// UTC; an end before the start lies in the next week.
func Weekly(name string, start, end int) TimeInterval {
	if end <= start {
		end += 7 * day
	}
	window := TimeInterval{Name: name}
	for start < end {
		midnight := (start/day + 1) * day
		weekday := time.Weekday((start/day + 1) % 7)
		window.Intervals = append(window.Intervals, span(weekday, start%day, min(end, midnight)-(start/day)*day))
		start = midnight
	}
	return window
}

// FirstSunday is a window on the first Sunday of each month. Start and end are
// minutes from midnight UTC; an end before the start lies on the Monday after.
func FirstSunday(name string, start, end int) TimeInterval {
	on := func(weekday time.Weekday, days string, start, end int) Span {
		made := span(weekday, start, end)
		made.DaysOfMonth = []string{days}
		return made
	}
	if start < end {
		return TimeInterval{Name: name, Intervals: []Span{on(time.Sunday, "1:7", start, end)}}
	}
	window := TimeInterval{Name: name, Intervals: []Span{on(time.Sunday, "1:7", start, day)}}
	if end > 0 {
		window.Intervals = append(window.Intervals, on(time.Monday, "2:8", 0, end))
	}
	return window
}

func span(weekday time.Weekday, start, end int) Span {
	return Span{
		Times:    []Times{{Start: clock(start), End: clock(end)}},
		Weekdays: []string{strings.ToLower(weekday.String())},
	}
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
