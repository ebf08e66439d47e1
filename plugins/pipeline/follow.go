package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Following is how a run is followed. Every zero value is a good one.
type Following struct {
	// Each is the first pause between two questions: 2 seconds. Pauses grow by half
	// until Longest: 30 seconds.
	Each, Longest time.Duration
	// Limit is how long a run may take from now on: 1 hour.
	Limit time.Duration
	// Silence is how long a service may be unavailable: 10 minutes.
	Silence time.Duration
	// Progress is told of every change and of every failure to ask, a line each;
	// nobody by default.
	Progress func(line string)
	// Now and Wait are the clock; the real one by default.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

// Why a run did not build an image. Find them with [errors.Is].
var (
	// ErrFailed means that the run ended without success. To follow it again changes
	// nothing.
	ErrFailed = errors.New("the pipeline's run did not succeed")
	// ErrTime means that it took longer than the limit, and was cancelled.
	ErrTime = errors.New("the pipeline's run took too long and was cancelled")
)

func (f Following) withDefaults() Following {
	for _, d := range []struct {
		of    *time.Duration
		value time.Duration
	}{{&f.Each, 2 * time.Second}, {&f.Longest, 30 * time.Second}, {&f.Limit, time.Hour}, {&f.Silence, 10 * time.Minute}} {
		if *d.of <= 0 {
			*d.of = d.value
		}
	}
	if f.Progress == nil {
		f.Progress = func(string) {}
	}
	if f.Now == nil {
		f.Now = time.Now
	}
	if f.Wait == nil {
		f.Wait = Wait
	}
	return f
}

// cancelling is how long the service has to take a cancel.
const cancelling = 30 * time.Second

// Follow asks until the run has ended. It is nil when the run succeeded. A run that
// takes too long, or that nobody waits for any more, is cancelled.
func Follow(ctx context.Context, p Pipeline, id RunID, f Following) (Status, error) {
	f = f.withDefaults()
	status, err := f.follow(ctx, p, id)
	if errors.Is(err, ErrTime) || ctx.Err() != nil && err != nil {
		own, done := context.WithTimeout(context.WithoutCancel(ctx), cancelling)
		defer done()
		if failed := p.Cancel(own, id); failed != nil {
			err = errors.Join(err, fmt.Errorf("cancel the run: %w", failed))
		}
	}
	if err != nil {
		return status, fmt.Errorf("follow the pipeline's run %s: %w", id, err)
	}
	return status, nil
}

func (f Following) follow(ctx context.Context, p Pipeline, id RunID) (Status, error) {
	var last Status
	began := f.Now()
	heard, pause := began, f.Each
	for {
		now, err := p.Status(ctx, id)
		switch at := f.Now(); {
		case ctx.Err() != nil:
			return last, context.Cause(ctx)
		case err == nil:
			if now != last {
				f.Progress(now.line(at.Sub(began)))
				last, pause = now, f.Each
			}
			heard = at
			if now.Phase == Succeeded {
				return now, nil
			}
			if now.Phase.Final() {
				return now, fmt.Errorf("%w: %s", ErrFailed, now.shown())
			}
		case !errors.Is(err, ErrUnavailable) || at.Sub(heard) >= f.Silence:
			return last, err
		default:
			f.Progress(fmt.Sprintf("the run cannot be asked about: %s", err))
		}
		left := f.Limit - f.Now().Sub(began)
		if left <= 0 {
			return last, fmt.Errorf("%w: limit: %s, last seen: %s", ErrTime, f.Limit, last.shown())
		}
		if err := f.Wait(ctx, min(pause, left)); err != nil {
			return last, err
		}
		pause = min(pause+pause/2, f.Longest)
	}
}

func (s Status) shown() string {
	text := string(s.Phase)
	if text == "" {
		text = "nothing"
	}
	if s.Detail != "" {
		text += " (" + s.Detail + ")"
	}
	if s.Link != "" {
		text += ": see " + s.Link
	}
	return text
}

func (s Status) line(after time.Duration) string {
	return fmt.Sprintf("after %s: %s", after.Round(time.Second), s.shown())
}

// Wait waits, or gives why the context ended.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
