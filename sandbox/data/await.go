package data

import (
	"context"
	"fmt"
	"time"
)

// settleLimit is how long a server may take to agree with the others.
const settleLimit = 30 * time.Second

// await asks again and again until the answer is nil, and says what was wrong
// last when time is up.
func await(ctx context.Context, what string, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	var last error
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w: %w", what, ctx.Err(), last)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
