package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockWait is how long clearLock waits for a run that is still ending.
const lockWait = 30 * time.Second

// clearLock takes away the lock of a run that was killed. The state is a folder
// on this machine, so whether the lock's holder is alive can be seen; the lock
// of a living one is waited for and then reported, never broken.
func (s *Sandbox) clearLock(ctx context.Context, o Options, w *environment) error {
	pattern := s.path(o, "state", ".pulumi", "locks", "organization", "*", o.Stack, "*.json")
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	for {
		holder, err := lockHolder(pattern)
		if err != nil || holder == 0 {
			return err
		}
		if errors.Is(syscall.Kill(holder, 0), syscall.ESRCH) {
			o.Notice("the last run was killed; taking its lock away")
			// What it changed may be in no state: nothing is settled until an up is complete.
			if err := os.Remove(s.path(o, "generation")); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("note that the last run was killed: %w", err)
			}
			if err := w.stack.Cancel(ctx); err != nil {
				return fmt.Errorf("take the lock of a killed run away: %w", shorten(err))
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is in use by process %d: wait for it, or end it", o.Stack, holder)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// lockHolder returns the process that holds the stack, 0 for none.
func lockHolder(pattern string) (int, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return 0, err
	}
	text, err := os.ReadFile(paths[0])
	if errors.Is(err, os.ErrNotExist) { // it ended meanwhile
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the stack's lock: %w", err)
	}
	lock := struct{ Pid int }{}
	if err := json.Unmarshal(text, &lock); err != nil {
		return 0, fmt.Errorf("read the stack's lock %s: %w", paths[0], err)
	}
	return lock.Pid, nil
}
