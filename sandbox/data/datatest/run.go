package datatest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// readyLimit is how long a server may take to become ready.
const readyLimit = 30 * time.Second

// tied runs a program so that it ends with the test binary, even one that is
// killed: a shell in the background waits for its standard input to end. An
// orderly end is announced, because the process ID may be another's by then.
// Children are woken too: a paused one would outlive its parent.
const tied = `exec 3<&0
( { read -r word <&3; [ "$word" = bye ] || { kill -CONT $(ps -o pid= --ppid $$) $$; kill -QUIT $$; sleep 1; kill -KILL $$; }; } >/dev/null 2>&1 & )
exec "$@" 3<&- </dev/null`

// Server is one server that runs for a test.
type Server struct {
	data.Server
	cmd   *exec.Cmd
	ended chan struct{}
}

// Start starts a server that does not run, and waits until it is ready.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	require.NoError(t, s.start(t.Context()))
}

// AwaitReady waits until the server is ready for work.
func (s *Server) AwaitReady(t testing.TB) {
	t.Helper()
	require.NoError(t, s.awaitReady(t.Context()))
}

func (s *Server) start(ctx context.Context) error {
	if s.Running() {
		return fmt.Errorf("start %s: it runs", s.Name)
	}
	if s.Prepare != nil {
		if err := s.Prepare(ctx); err != nil {
			return err
		}
	}
	if err := s.launch(); err != nil {
		return fmt.Errorf("start %s: %w", s.Name, err)
	}
	if err := s.awaitReady(ctx); err != nil {
		return err
	}
	if s.Settle == nil {
		return nil
	}
	return s.Settle(ctx)
}

func (s *Server) launch() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	log, err := os.OpenFile(s.Command.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command("sh", append([]string{"-c", tied, "sh", s.Command.Path}, s.Command.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, log, log
	cmd.Env = append(withoutPG(os.Environ()), s.Command.Env...)
	cmd.Dir = filepath.Dir(s.Command.Log)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		_, _ = write.WriteString("bye\n")
		_ = write.Close()
		close(ended)
	}()
	s.cmd, s.ended = cmd, ended
	return nil
}

func (s *Server) awaitReady(ctx context.Context) error {
	for deadline := time.Now().Add(readyLimit); ; time.Sleep(20 * time.Millisecond) {
		limited, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := s.Healthy(limited)
		cancel()
		switch {
		case err == nil:
			return nil
		case !s.Running():
			return fmt.Errorf("%s has ended; its log ends with:\n%s", s.Name, process.Tail(s.Command.Log))
		case time.Now().After(deadline) || ctx.Err() != nil:
			return fmt.Errorf("%s is not ready: %w; its log ends with:\n%s", s.Name, err, process.Tail(s.Command.Log))
		}
	}
}

// Running says whether the server has a process.
func (s *Server) Running() bool {
	if s.ended == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// Stop ends the server in an orderly way, which a paused one is first woken for.
// One that does not run is no error.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.resume()
	s.end(stopSignal(s.Name))
}

// Kill ends the server at once, as a crash does. Children that are paused are
// woken after it, to see that they are alone.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if !s.Running() {
		return
	}
	orphans := children(s.cmd.Process.Pid)
	s.end(syscall.SIGKILL)
	for _, orphan := range orphans {
		_ = syscall.Kill(orphan, syscall.SIGCONT)
	}
}

func (s *Server) end(signal syscall.Signal) {
	if !s.Running() {
		return
	}
	_ = s.cmd.Process.Signal(signal)
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
}

// stopSignal is a quick and orderly end: PostgreSQL's "fast" shutdown.
func stopSignal(name string) syscall.Signal {
	if strings.HasPrefix(name, data.PrimaryName) {
		return syscall.SIGINT
	}
	return syscall.SIGTERM
}

// Pause makes the server hang: it keeps its port and its connections and answers
// nothing. The end of the test wakes it.
func (s *Server) Pause(t testing.TB) {
	t.Helper()
	require.True(t, s.Running(), "%s does not run", s.Name)
	t.Cleanup(s.resume)
	pid := s.cmd.Process.Pid
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP)) // it first, so that it makes no more children
	for _, child := range children(pid) {
		_ = syscall.Kill(child, syscall.SIGSTOP)
	}
}

// Resume wakes a paused server. One that is awake is no error.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.resume()
}

func (s *Server) resume() {
	if !s.Running() {
		return
	}
	pid := s.cmd.Process.Pid
	for _, child := range children(pid) {
		_ = syscall.Kill(child, syscall.SIGCONT)
	}
	_ = syscall.Kill(pid, syscall.SIGCONT)
}
