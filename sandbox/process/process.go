// Package process starts, recognises and ends the long-lived processes of the
// sandbox. It knows nothing of what they are: which programs run with which
// flags is said by the packages controlplane, emulator and node.
//
// A process is remembered by its identity, the process ID together with the
// moment it started, so that an ID that the system has given to someone else
// since is never taken for ours, and never signalled.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// poll is how often a condition that nobody announces is looked at again.
const poll = 10 * time.Millisecond

// errEnded says that a process has an ID but runs no more.
var errEnded = errors.New("process has ended")

// Command says what to start. Standard output and error go to Log, which is
// begun anew at every start, while the one before is kept as Log.old; standard
// input is empty.
type Command struct {
	// Path of the program.
	Path string
	// Args are its arguments, without the program itself.
	Args []string
	// Env is added to the environment of the caller, as KEY=VALUE. The caller's
	// AWS_* variables are left out: no profile or credential of the user reaches
	// a part.
	Env []string
	// Dir is the working directory; empty means the directory of Log.
	Dir string
	// Log is the file that takes the output, mode 0600.
	Log string
}

// Identity is one run of one process. The zero value is never alive.
type Identity struct {
	// PID is the process ID, which the system uses again sooner or later.
	PID int `json:"pid"`
	// Started tells two processes with one PID apart. It is opaque: on Linux,
	// the boot's ID and the clock ticks since then.
	Started string `json:"started"`
}

// Process is a process that this program has started.
type Process struct {
	Identity
	// Log is where its output goes.
	Log  string
	done chan struct{}
}

// Start runs c in a session of its own, so that it outlives the caller and
// takes no signal from the caller's terminal.
func Start(c Command) (*Process, error) {
	_ = os.Rename(c.Log, c.Log+".old") // the one before may say why this one is needed
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log of %s: %w", filepath.Base(c.Path), err)
	}
	defer log.Close()
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(withoutAWS(os.Environ()), c.Env...)
	cmd.Dir = c.Dir
	if cmd.Dir == "" {
		cmd.Dir = filepath.Dir(c.Log)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(c.Path), err)
	}
	p := &Process{Log: c.Log, done: make(chan struct{})}
	p.PID = cmd.Process.Pid
	p.Started, err = startTime(p.PID)
	go func() { // reap it, or it stays as a zombie while the caller lives
		_ = cmd.Wait()
		close(p.done)
	}()
	if err != nil && !errors.Is(err, errEnded) { // one that has ended shows in Exited
		_ = cmd.Process.Kill()
		return nil, fmt.Errorf("identify %s: %w", filepath.Base(c.Path), err)
	}
	return p, nil
}

// Exited is closed when the process has ended and was reaped.
func (p *Process) Exited() <-chan struct{} { return p.done }

// Alive says whether this very process still runs.
func (i Identity) Alive() bool {
	if i.PID <= 0 || i.Started == "" {
		return false
	}
	started, err := startTime(i.PID)
	return err == nil && started == i.Started
}

// Stop asks the process to end, kills it when it has not after grace, and
// returns when it is gone. A process that is gone already is no error.
func (i Identity) Stop(ctx context.Context, grace time.Duration) error {
	if !i.Alive() {
		return nil
	}
	// On Linux the handle is a pidfd. It is opened before the identity is
	// looked at again, so that the signal cannot reach a successor.
	handle, err := os.FindProcess(i.PID)
	if err != nil {
		return fmt.Errorf("find process %d: %w", i.PID, err)
	}
	defer func() { _ = handle.Release() }()
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGTERM, grace}, {syscall.SIGKILL, 10 * time.Second}} {
		if !i.Alive() {
			return nil
		}
		if err := handle.Signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("signal process %d: %w", i.PID, err)
		}
		gone, err := i.waitGone(ctx, step.wait)
		if gone || err != nil {
			return err
		}
	}
	return fmt.Errorf("stop process %d: it is still there 10 s after SIGKILL", i.PID)
}

func (i Identity) waitGone(ctx context.Context, limit time.Duration) (bool, error) {
	deadline := time.Now().Add(limit)
	for i.Alive() {
		if time.Now().After(deadline) {
			return false, nil
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("stop process %d: %w", i.PID, ctx.Err())
		case <-time.After(poll):
		}
	}
	return true, nil
}

// withoutAWS returns environ without its AWS_* variables.
func withoutAWS(environ []string) []string {
	return slices.DeleteFunc(environ, func(entry string) bool { return strings.HasPrefix(entry, "AWS_") })
}
