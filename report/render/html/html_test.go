package html_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render/html"
)

// write is the page of a run.
func write(t testing.TB, r readiness.Run) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, html.Write(&b, r, readinesstest.Now))
	return b.String()
}

// runs are runs of every shape.
func runs() map[string]readiness.Run {
	return map[string]readiness.Run{
		"rich": readinesstest.Rich(), "ready": readinesstest.Ready(), "bare": readinesstest.Bare(), "nothing": {},
		"many": readinesstest.Many(300),
	}
}

func TestTheSameRunMakesTheSameBytes(t *testing.T) {
	for name := range runs() {
		require.Equal(t, write(t, runs()[name]), write(t, runs()[name]), name)
	}
}

func TestTheTimeOfMakingIsLeftOutWhenZero(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, html.Write(&b, readinesstest.Rich(), time.Time{}))
	require.NotContains(t, b.String(), ", made <time")
	require.Contains(t, write(t, readinesstest.Rich()), `, made <time datetime="2026-11-22T10:16:00Z">`)
}

type full struct{ left int }

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteTellsWhatFailed(t *testing.T) {
	for _, room := range []int{0, 70_000} {
		err := html.Write(&full{room}, readinesstest.Many(1000), readinesstest.Now)
		require.ErrorIs(t, err, errFull)
		require.ErrorContains(t, err, "write the HTML report of staging-20261122T101500Z: ")
	}
}

// Ten thousand findings stay under 6 MB.
func TestManyFindingsStaySmall(t *testing.T) {
	require.Less(t, len(write(t, readinesstest.Many(10_000))), 6_000_000)
}

func BenchmarkHTML10000(b *testing.B) {
	r := readinesstest.Many(10_000)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, html.Write(io.Discard, r, readinesstest.Now))
	}
}
