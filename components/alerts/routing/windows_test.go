package routing_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/alerts/routing"
)

func TestTheGuidesWindows(t *testing.T) {
	quiet := settings().Quiet
	require.Equal(t, routing.TimeInterval{Name: "weekly-maintenance", Intervals: []routing.Span{
		{Times: []routing.Times{{Start: "02:00", End: "04:00"}}, Weekdays: []string{"sunday"}},
	}}, quiet[0])
	require.Equal(t, routing.TimeInterval{Name: "monthly-maintenance", Intervals: []routing.Span{
		{Times: []routing.Times{{Start: "01:00", End: "05:00"}}, Weekdays: []string{"sunday"}, DaysOfMonth: []string{"1:7"}},
	}}, quiet[1])
}

func TestAWindowOverMidnightIsTwoSpans(t *testing.T) {
	require.Equal(t, []routing.Span{
		{Times: []routing.Times{{Start: "23:00", End: "24:00"}}, Weekdays: []string{"sunday"}, DaysOfMonth: []string{"1:7"}},
		{Times: []routing.Times{{Start: "00:00", End: "02:00"}}, Weekdays: []string{"monday"}, DaysOfMonth: []string{"2:8"}},
	}, routing.FirstSunday("late", 23*60, 2*60).Intervals)
	require.Len(t, routing.FirstSunday("to midnight", 23*60, 0).Intervals, 1)
}

// TestAWeeklyWindowHoldsExactlyWithin asks for every minute of a week.
func TestAWeeklyWindowHoldsExactlyWithin(t *testing.T) {
	const week = 7 * 24 * 60
	monday := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.IntRange(0, week-1).Draw(t, "start")
		length := rapid.IntRange(1, week-1).Draw(t, "length")
		window := routing.Weekly("w", start, (start+length)%week)
		for minute := range week {
			within := (minute-start+week)%week < length
			if within != holds(window, monday.Add(time.Duration(minute)*time.Minute)) {
				t.Fatalf("minute %d of %+v: want %t", minute, window, within)
			}
		}
	})
}

// TestTheFirstSundayIsTheFirst asks for every hour of some years.
func TestTheFirstSundayIsTheFirst(t *testing.T) {
	window := routing.FirstSunday("m", 23*60, 2*60)
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2030; at = at.Add(time.Hour) {
		day := at.Add(-23 * time.Hour) // the day on which a window open at that hour began
		within := day.Hour() < 3 && day.Weekday() == time.Sunday && day.Day() <= 7
		require.Equal(t, within, holds(window, at), at)
	}
}

// holds tells whether a moment lies in a window, as Alertmanager's
// documentation of time intervals reads.
func holds(window routing.TimeInterval, at time.Time) bool {
	clock := at.Format("15:04")
	return slices.ContainsFunc(window.Intervals, func(s routing.Span) bool {
		return slices.Contains(s.Weekdays, strings.ToLower(at.Weekday().String())) &&
			s.Times[0].Start <= clock && clock < s.Times[0].End &&
			(len(s.DaysOfMonth) == 0 || within(s.DaysOfMonth[0], at.Day()))
	})
}

func within(days string, day int) bool {
	from, to, _ := strings.Cut(days, ":")
	first, _ := strconv.Atoi(from)
	last, _ := strconv.Atoi(to)
	return first <= day && day <= last
}
