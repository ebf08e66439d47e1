package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Once starts a run of a service that starts another one for every request, and that
// shows a run only some seconds after it was asked for it.
type Once struct {
	// Find looks for the run of the build's token; [ErrNotFound] when there is none.
	Find func(context.Context) (RunID, error)
	// Send asks for a run once. "" is one whose name the service does not tell.
	Send func(context.Context) (RunID, error)
	// Settle is how long a run may take to be shown: 1 minute by default.
	Settle time.Duration
	// Remedy says what lets a run be found.
	Remedy string
	// Wait waits; for real by default.
	Wait func(context.Context, time.Duration) error
}

// Start finds the run, or sends and then finds it. What cannot be told is
// [ErrUncertain]: nothing is sent again before it was looked for again.
func (o Once) Start(ctx context.Context) (RunID, error) {
	if o.Settle <= 0 {
		o.Settle = time.Minute
	}
	if o.Wait == nil {
		o.Wait = Wait
	}
	id, err := o.Find(ctx)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return id, err
	}
	id, sent := o.Send(ctx)
	if id != "" || sent != nil && !errors.Is(sent, ErrUncertain) {
		return id, sent
	}
	left, pause := o.Settle, time.Second
	for left > 0 {
		if err := o.Wait(ctx, min(pause, left)); err != nil {
			return "", errors.Join(ErrUncertain, err)
		}
		left -= pause
		pause += pause / 2
		id, err := o.Find(ctx)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrUnavailable) {
			return "", fmt.Errorf("%w: %w", ErrUncertain, err)
		}
	}
	if sent != nil {
		return "", sent
	}
	return "", fmt.Errorf("%w: it took the request, and shows no run of it within %s: %s", ErrUncertain, o.Settle, o.Remedy)
}
