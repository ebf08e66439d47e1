package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/stacks/config"
)

const day, week = 24 * 60, 7 * 24 * 60

// Overlap by definition: some minute of the week lies in both.
func TestWindowsOverlapWhenTheyShareAMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		daily := config.DailyWindow{Start: rapid.IntRange(0, day-1).Draw(t, "start")}
		daily.End = (daily.Start + rapid.IntRange(1, day-1).Draw(t, "length")) % day
		weekly := config.WeeklyWindow{Start: rapid.IntRange(0, week-1).Draw(t, "week start")}
		weekly.End = (weekly.Start + rapid.IntRange(1, day).Draw(t, "week length")) % week

		shared := false
		for minute := range week {
			inDaily := (minute%day-daily.Start+day)%day < daily.Minutes()
			inWeekly := (minute-weekly.Start+week)%week < weekly.Minutes()
			shared = shared || inDaily && inWeekly
		}
		require.Equal(t, shared, weekly.OverlapsDaily(daily), "%s and %s", daily, weekly)
	})
}

func TestScalarsReadWhatTheyWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		daily := config.DailyWindow{Start: rapid.IntRange(0, day-1).Draw(t, "start")}
		daily.End = (daily.Start + rapid.IntRange(1, day-1).Draw(t, "length")) % day
		weekly := config.WeeklyWindow{Start: rapid.IntRange(0, week-1).Draw(t, "week start")}
		weekly.End = (weekly.Start + rapid.IntRange(1, week-1).Draw(t, "week length")) % week
		version := config.EngineVersion{Major: rapid.IntRange(1, 999).Draw(t, "major"), Minor: rapid.IntRange(-1, 999).Draw(t, "minor")}

		var d config.DailyWindow
		require.NoError(t, d.UnmarshalText([]byte(daily.String())))
		require.Equal(t, daily, d)
		var w config.WeeklyWindow
		require.NoError(t, w.UnmarshalText([]byte(weekly.String())))
		require.Equal(t, weekly, w)
		var v config.EngineVersion
		require.NoError(t, v.UnmarshalText([]byte(version.String())))
		require.Equal(t, version, v)
	})
}

func TestARM64(t *testing.T) {
	for kind, want := range map[config.InstanceType]bool{
		"m7g.large": true, "c7gn.xlarge": true, "r8gd.2xlarge": true, "t4g.small": true, "im4gn.large": true, "a1.large": true,
		"m7i.large": false, "c7i-flex.large": false, "g5.xlarge": false, "g6e.xlarge": false, "m5.large": false, "u-6tb1.metal": false,
	} {
		require.Equal(t, want, kind.ARM64(), kind)
	}
}

func TestARNParts(t *testing.T) {
	arn := config.ARN("arn:aws:acm:us-west-2:111122223333:certificate/a:b")
	require.Equal(t, "acm", arn.Service())
	require.Equal(t, config.Region("us-west-2"), arn.Region())
	require.Equal(t, config.AccountID("111122223333"), arn.Account())
	require.Equal(t, "certificate/a:b", arn.Resource())
	require.Empty(t, config.ARN("nonsense").Resource())
}
