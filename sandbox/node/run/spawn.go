package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// drain is how long the output of a process is read after it has ended, when
// others that it started hold it open.
const drain = time.Second

// spawn says what to start.
type spawn struct {
	argv   []string
	env    []string
	dir    string
	output io.Writer
}

// child is a process that runs, with all that it starts: a process group.
type child struct {
	pid  int
	done chan struct{}
	// code is how it ended, for those who have seen done closed: 128 and the
	// signal's number after a signal.
	code int
}

// starter is the thread that starts all processes. On Linux they end when the
// thread does that started them, which is why it lives as long as this process.
var starter = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		for call := range calls {
			call()
		}
	}()
	return calls
})

// start runs a process in a group of its own.
func start(s spawn) (*child, error) {
	path, err := exec.LookPath(s.argv[0])
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.Command(path, s.argv[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = s.env, s.dir, s.output, s.output
	cmd.SysProcAttr, cmd.WaitDelay = attributes(), drain
	failed := make(chan error)
	starter() <- func() { failed <- cmd.Start() }
	if err := <-failed; err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	c := &child{pid: cmd.Process.Pid, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		c.signal(syscall.SIGKILL) // what it has started and left
		c.code = exitCode(cmd.ProcessState)
		close(c.done)
	}()
	return c, nil
}

func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// end asks the process to end, and kills it when it has not after grace.
func (c *child) end(grace time.Duration) {
	if grace > 0 {
		c.signal(syscall.SIGTERM)
		select {
		case <-c.done:
			return
		case <-time.After(grace):
		}
	}
	c.signal(syscall.SIGKILL)
	<-c.done
}

// signal reaches the whole group.
func (c *child) signal(signal syscall.Signal) { _ = syscall.Kill(-c.pid, signal) }

// errEnd is why a pod's context ends when it is to end.
var errEnd = errors.New("the pod is to end")

// pause waits, and says whether ctx still lives.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
