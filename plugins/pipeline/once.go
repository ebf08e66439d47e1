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
	// Find looks for the run of a build's token; [ErrNotFound] when there is none.
	Find func(ctx context.Context, token string) (RunID, error)
	// Send asks for a run once. "" is one whose name the service does not tell.
	Send func(context.Context, Build) (RunID, error)
	// Remedy says what lets a run be found.
	Remedy string
	// Wait waits.
	Wait func(context.Context, time.Duration) error
}

// settle is how long a run may take to be shown.
const settle = time.Minute

// Start finds the run, or sends and then finds it. What cannot be told is
// [ErrUncertain]: nothing is sent again before it was looked for again.
func (o Once) Start(ctx context.Context, b Build) (RunID, error) {
	id, err := o.Find(ctx, b.Token())
	if err == nil || !errors.Is(err, ErrNotFound) {
		return id, err
	}
	id, sent := o.Send(ctx, b)
	if id != "" || sent != nil && !errors.Is(sent, ErrUncertain) {
		return id, sent
	}
	left, pause := settle, time.Second
	for left > 0 {
		if err := o.Wait(ctx, min(pause, left)); err != nil {
			return "", errors.Join(ErrUncertain, err)
		}
		left -= pause
		pause += pause / 2
		id, err := o.Find(ctx, b.Token())
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
	return "", fmt.Errorf("%w: it took the request, and shows no run of it within %s: %s", ErrUncertain, settle, o.Remedy)
}
