package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
)

// DailyWindow is a time of day, `hh:mm-hh:mm` UTC, in minutes from midnight.
// End is smaller than Start when it passes midnight.
type DailyWindow struct{ Start, End int }

// WeeklyWindow is a time of the week, `ddd:hh:mm-ddd:hh:mm` UTC, in minutes
// from Monday 00:00. End is smaller than Start when it passes the week's end.
type WeeklyWindow struct{ Start, End int }

const clock = `([01][0-9]|2[0-3]):([0-5][0-9])`

var (
	dailyPattern  = regexp.MustCompile(`^` + clock + `-` + clock + `$`)
	weeklyPattern = regexp.MustCompile(`^(mon|tue|wed|thu|fri|sat|sun):` + clock + `-(mon|tue|wed|thu|fri|sat|sun):` + clock + `$`)
)

func weekdays() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

func (*DailyWindow) form() form {
	return form{what: "a daily window in UTC", example: "05:00-05:30", pattern: dailyPattern}
}

// UnmarshalText accepts hh:mm-hh:mm; a window that ends when it starts is
// refused, since it could mean nothing or a whole day.
func (w *DailyWindow) UnmarshalText(text []byte) error {
	if err := w.form().check(string(text)); err != nil {
		return err
	}
	m := dailyPattern.FindStringSubmatch(string(text))
	parsed := DailyWindow{Start: minutes(m[1], m[2]), End: minutes(m[3], m[4])}
	if parsed.Start == parsed.End {
		return emptyWindow(text)
	}
	*w = parsed
	return nil
}

func (*WeeklyWindow) form() form {
	return form{what: "a weekly window in UTC", example: "sun:02:00-sun:04:00", pattern: weeklyPattern}
}

// UnmarshalText accepts ddd:hh:mm-ddd:hh:mm with lower-case English days.
func (w *WeeklyWindow) UnmarshalText(text []byte) error {
	if err := w.form().check(string(text)); err != nil {
		return err
	}
	m := weeklyPattern.FindStringSubmatch(string(text))
	day := func(name string) int { return slices.Index(weekdays(), name) * minutesPerDay }
	parsed := WeeklyWindow{Start: day(m[1]) + minutes(m[2], m[3]), End: day(m[4]) + minutes(m[5], m[6])}
	if parsed.Start == parsed.End {
		return emptyWindow(text)
	}
	*w = parsed
	return nil
}

// minutes converts two numbers that a pattern has already bounded.
func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return h*60 + m
}

func emptyWindow(text []byte) error {
	return &formError{message: fmt.Sprintf("%s ends when it starts; give it a length", quote(string(text)))}
}

// Minutes is the length of the window.
func (w DailyWindow) Minutes() int { return lengthWithin(w.Start, w.End, minutesPerDay) }

// Minutes is the length of the window.
func (w WeeklyWindow) Minutes() int { return lengthWithin(w.Start, w.End, minutesPerWeek) }

func lengthWithin(start, end, period int) int { return (end - start + period) % period }

// OverlapsDaily says that the two windows share a minute on some day.
func (w WeeklyWindow) OverlapsDaily(daily DailyWindow) bool {
	for day := range 7 {
		start := day*minutesPerDay + daily.Start
		// Each window is looked at from the start of the other, so that
		// neither midnight nor the week's end needs a case of its own.
		if lengthWithin(w.Start, start, minutesPerWeek) < w.Minutes() ||
			lengthWithin(start, w.Start, minutesPerWeek) < daily.Minutes() {
			return true
		}
	}
	return false
}

// String gives the form that AWS takes, e.g. 05:00-05:30.
func (w DailyWindow) String() string { return clockText(w.Start) + "-" + clockText(w.End) }

// MarshalText writes what UnmarshalText reads.
func (w DailyWindow) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// String gives the form that AWS takes, e.g. sun:02:00-sun:04:00.
func (w WeeklyWindow) String() string { return weekText(w.Start) + "-" + weekText(w.End) }

// MarshalText writes what UnmarshalText reads.
func (w WeeklyWindow) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

func clockText(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

func weekText(m int) string { return weekdays()[m/minutesPerDay] + ":" + clockText(m%minutesPerDay) }
