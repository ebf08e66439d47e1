package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// tail is how much of the end of a log an error quotes, in bytes.
const tail = 2000

// AwaitReady asks healthy again and again until it answers nil. It gives up
// when the process ends or ctx does, and then quotes the end of the log.
func (p *Process) AwaitReady(ctx context.Context, name string, healthy func(context.Context) error) error {
	for {
		err := healthy(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("start %s: it ended at once; its log (%s) ends with:\n%s", name, p.Log, Tail(p.Log))
		case <-ctx.Done():
			// The health check often fails only because ctx ended: say the cause.
			if errors.Is(err, ctx.Err()) {
				err = context.Cause(ctx)
			}
			return fmt.Errorf("start %s: not ready: %w; its log (%s) ends with:\n%s", name, err, p.Log, Tail(p.Log))
		case <-time.After(5 * poll):
		}
	}
}

// Tail returns the last lines of a log, at most 2000 bytes, or says why it
// cannot.
func Tail(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	defer file.Close()
	if size, err := file.Seek(0, io.SeekEnd); err == nil {
		_, _ = file.Seek(max(0, size-tail), io.SeekStart)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	if len(text) == tail { // begin with a whole line
		if _, rest, found := bytes.Cut(text, []byte("\n")); found {
			text = rest
		}
	}
	return "  " + strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "\n  ")
}
