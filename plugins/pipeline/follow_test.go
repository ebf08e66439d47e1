package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
)

// answer is one of a scripted run.
type answer struct {
	status pipeline.Status
	err    error
}

// scripted is a run whose answers are known; the last one stays.
type scripted struct {
	answers   []answer
	cancelled int
	uncertain error // of Cancel
}

func (s *scripted) Start(context.Context, pipeline.Build) (pipeline.RunID, error) { return "1", nil }

func (s *scripted) Status(context.Context, pipeline.RunID) (pipeline.Status, error) {
	now := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return now.status, now.err
}

func (s *scripted) Cancel(ctx context.Context, _ pipeline.RunID) error {
	s.cancelled++
	return errors.Join(ctx.Err(), s.uncertain)
}

func in(p pipeline.Phase) answer { return answer{status: pipeline.Status{Phase: p}} }

// clock passes only by waiting.
type clock struct {
	now    time.Time
	waited []time.Duration
	lines  []string
}

func (c *clock) following() pipeline.Following {
	return pipeline.Following{
		Now:      func() time.Time { return c.now },
		Progress: func(line string) { c.lines = append(c.lines, line) },
		Wait: func(ctx context.Context, d time.Duration) error {
			c.now, c.waited = c.now.Add(d), append(c.waited, d)
			return context.Cause(ctx)
		},
	}
}

func TestFollow(t *testing.T) {
	down := answer{err: pipeline.ErrUnavailable}
	done := answer{status: pipeline.Status{Phase: pipeline.Succeeded, Detail: "success", Link: "https://x/1"}}
	run := &scripted{answers: []answer{in(pipeline.Queued), in(pipeline.Queued), in(pipeline.Running), down, in(pipeline.Running), done}}
	c := &clock{}
	status, err := pipeline.Follow(t.Context(), run, "1", c.following())
	require.NoError(t, err)
	require.Equal(t, done.status, status)
	require.Zero(t, run.cancelled)
	require.Equal(t, []time.Duration{2 * time.Second, 3 * time.Second, 2 * time.Second, 3 * time.Second, 4500 * time.Millisecond}, c.waited)
	require.Equal(t, []string{
		"after 0s: queued", "after 5s: running", "the run cannot be asked about: the pipeline's service is unavailable",
		"after 15s: succeeded (success): see https://x/1",
	}, c.lines)
}

func TestFollowFails(t *testing.T) {
	for _, phase := range []pipeline.Phase{pipeline.Failed, pipeline.Cancelled} {
		run := &scripted{answers: []answer{in(pipeline.Running), {status: pipeline.Status{Phase: phase, Detail: "TIMED_OUT", Link: "https://x/1"}}}}
		status, err := pipeline.Follow(t.Context(), run, "1", (&clock{}).following())
		require.ErrorIs(t, err, pipeline.ErrFailed)
		require.ErrorContains(t, err, string(phase)+" (TIMED_OUT): see https://x/1")
		require.Equal(t, phase, status.Phase)
		require.Zero(t, run.cancelled)
	}
	run := &scripted{answers: []answer{in(pipeline.Running), {err: pipeline.ErrDenied}}}
	_, err := pipeline.Follow(t.Context(), run, "1", (&clock{}).following())
	require.ErrorIs(t, err, pipeline.ErrDenied)
	require.Zero(t, run.cancelled, "another one's token may still follow it")

	run = &scripted{answers: []answer{in(pipeline.Running), {err: pipeline.ErrUnavailable}}}
	c := &clock{}
	_, err = pipeline.Follow(t.Context(), run, "1", c.following())
	require.ErrorIs(t, err, pipeline.ErrUnavailable)
	require.GreaterOrEqual(t, c.now.Sub(time.Time{}), 10*time.Minute)
	require.Less(t, c.now.Sub(time.Time{}), 11*time.Minute)
	require.Zero(t, run.cancelled)
}

func TestFollowTakesTooLong(t *testing.T) {
	run := &scripted{answers: []answer{in(pipeline.Running)}}
	c := &clock{}
	f := c.following()
	f.Limit = 10 * time.Minute
	_, err := pipeline.Follow(t.Context(), run, "1", f)
	require.ErrorIs(t, err, pipeline.ErrTime)
	require.Equal(t, 10*time.Minute, c.now.Sub(time.Time{}), "neither before nor after")
	require.Equal(t, 30*time.Second, c.waited[10], "pauses are bounded")
	require.Equal(t, 1, run.cancelled)

	run = &scripted{answers: []answer{in(pipeline.Running)}, uncertain: pipeline.ErrUnavailable}
	_, err = pipeline.Follow(t.Context(), run, "1", f)
	require.ErrorIs(t, err, pipeline.ErrTime)
	require.ErrorContains(t, err, "cancel the run")
}

func TestFollowIsNotWaitedFor(t *testing.T) {
	run := &scripted{answers: []answer{in(pipeline.Running)}}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	c := &clock{}
	f := c.following()
	f.Progress = func(string) { cancel(gone) }
	_, err := pipeline.Follow(ctx, run, "1", f)
	require.ErrorIs(t, err, gone)
	require.NotErrorIs(t, err, context.Canceled, "the cancel has a context of its own")
	require.Equal(t, 1, run.cancelled)
}
