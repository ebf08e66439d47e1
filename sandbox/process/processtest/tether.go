// Package processtest runs programs for tests so that they end with the test
// binary, even one that is killed. What is run is the caller's business.
package processtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/process"
)

// script runs a program in the shell's place. A shell in the background holds
// the reading end of a pipe whose writing end is the test's, and kills the
// program when the pipe closes, a stopped one too. Then it removes the folder
// that is its first argument, unless that is empty; what else writes there may need
// a moment to end.
const script = `dir=$1; shift; exec 3<&0
{ read -r _ <&3; kill -CONT $$; kill $$
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $$ || break; sleep 0.2; done; kill -KILL $$
  [ -z "$dir" ] || for _ in 1 2 3 4 5; do rm -rf "$dir"; [ -e "$dir" ] || break; sleep 1; done; } >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`

// Program is a program that runs.
type Program struct {
	t    testing.TB
	cmd  *exec.Cmd
	pipe *os.File
	done chan struct{}
	end  func()
}

// Start runs c until the test ends or [Program.Stop] is called, and removes the
// folder remove then, unless it is "".
func Start(t testing.TB, c process.Command, remove string) *Program {
	t.Helper()
	p := start(t, c, remove)
	t.Cleanup(p.Stop)
	return p
}

// StartShared is [Start] for a program that outlives the test: it ends with the
// test binary. Keep what comes back: the program ends when nothing refers to it.
func StartShared(t testing.TB, c process.Command, remove string) *Program {
	t.Helper()
	return start(t, c, remove)
}

func start(t testing.TB, c process.Command, remove string) *Program {
	t.Helper()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer log.Close()

	cmd := exec.Command("sh", append([]string{"-c", script, "sh", remove, c.Path}, c.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, log, log
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Dir = c.Dir
	if cmd.Dir == "" {
		cmd.Dir = os.TempDir()
	}
	// Whoever kills the test's whole group leaves the shell that removes the folder.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	require.NoError(t, cmd.Start(), "start %s", c.Path)
	p := &Program{t: t, cmd: cmd, pipe: write, done: make(chan struct{})}
	go func() { _ = cmd.Wait(); close(p.done) }()
	p.end = sync.OnceFunc(func() {
		_ = write.Close()
		select {
		case <-p.done:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			<-p.done
		}
	})
	return p
}

// Stop ends the program and waits for that. It is safe to repeat.
func (p *Program) Stop() { p.end() }

// Kill ends the program at once, as a crash does.
func (p *Program) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
	p.end()
}

// Pause stops the program, so that it holds its connections and answers
// nothing, until [Program.Resume].
func (p *Program) Pause() {
	p.t.Helper()
	p.signal(syscall.SIGSTOP)
	// Its threads stop one by one: one that still runs may answer.
	require.Eventually(p.t, func() bool { return stopped(p.cmd.Process.Pid) }, 10*time.Second, time.Millisecond)
}

// stopped tells whether every thread of a process has stopped, as far as /proc
// tells.
func stopped(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		// The state follows the name, which stands in brackets.
		_, state, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')'):]), " ")
		if !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return true
}

// Resume lets a paused program go on.
func (p *Program) Resume() { p.signal(syscall.SIGCONT) }

// Reload asks the program to read its configuration again.
func (p *Program) Reload() { p.signal(syscall.SIGHUP) }

func (p *Program) signal(s syscall.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

// Exited is closed when the program has ended.
func (p *Program) Exited() <-chan struct{} { return p.done }

// Await asks healthy until it answers nil, and fails the test with the end of
// the log when it has not within limit.
func Await(t testing.TB, name, log string, limit time.Duration, healthy func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for {
		err := healthy(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			require.FailNow(t, name+" is not ready", "%v\nits log ends with:\n%s", err, process.Tail(log))
		case <-time.After(20 * time.Millisecond):
		}
	}
}
