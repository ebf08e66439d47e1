package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Programs is the folder of PostgreSQL's client programs; empty means PATH.
type Programs string

// stderrLimit is how much of a program's messages an error quotes, in bytes.
const stderrLimit = 2000

// command prepares a program. When ctx ends it is asked to end, as pg_dump and
// pg_restore then leave the server cleanly, and killed 10 s later.
func (p Programs) command(ctx context.Context, name string, environment []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(string(p), name), args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, environment...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// Version is what a program says of itself, e.g. "pg_dump (PostgreSQL) 15.18".
func (p Programs) Version(ctx context.Context, name string) (string, error) {
	out, err := p.command(ctx, name, nil, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("run %s: %w; install PostgreSQL's client programs", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// output is the standard output of a program. Reading ends in io.EOF only if
// the program has ended well: whoever copies it to the end has all of it, and
// never takes what a killed program left for the whole.
type output struct {
	cmd    *exec.Cmd
	pipe   io.ReadCloser
	stderr *tail
	ended  error
}

// stream starts a program to be read from.
func stream(cmd *exec.Cmd) (io.ReadCloser, error) {
	o := &output{cmd: cmd, stderr: &tail{}}
	cmd.Stderr = o.stderr
	var err error
	if o.pipe, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w; install PostgreSQL's client programs", filepath.Base(cmd.Path), err)
	}
	return o, nil
}

// Read reads the program's output.
func (o *output) Read(p []byte) (int, error) {
	if o.ended != nil {
		return 0, o.ended
	}
	n, err := o.pipe.Read(p)
	if err == nil || n > 0 {
		return n, nil
	}
	o.ended = io.EOF
	if failed := o.cmd.Wait(); failed != nil {
		o.ended = programError(o.cmd, failed, o.stderr)
	} else if !errors.Is(err, io.EOF) {
		o.ended = err
	}
	return 0, o.ended
}

// Close ends the program if it still runs.
func (o *output) Close() error {
	if o.ended == nil {
		_ = o.cmd.Cancel()
		_, _ = io.Copy(io.Discard, o.pipe) // so that it is not stuck in writing
		_ = o.cmd.Wait()
		o.ended = os.ErrClosed
	}
	return nil
}

// feed runs a program that reads input. The input is read to its end whether the
// program was content or not: it may turn out bad only there, and then that is
// the error, and the cause of the program's.
func feed(cmd *exec.Cmd, input io.Reader) error {
	watched := &watched{input: input}
	stderr := &tail{}
	cmd.Stdin, cmd.Stderr = watched, stderr
	failed := cmd.Run()
	if watched.err == nil {
		_, _ = io.Copy(io.Discard, watched)
	}
	if !errors.Is(watched.err, io.EOF) {
		return watched.err
	}
	if failed != nil {
		return programError(cmd, failed, stderr)
	}
	return nil
}

// watched remembers how reading ended.
type watched struct {
	input io.Reader
	err   error
}

// Read reads the input.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.input.Read(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

func programError(cmd *exec.Cmd, err error, stderr *tail) error {
	if text := stderr.String(); text != "" {
		return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, text)
	}
	return fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
}

// tail keeps the last bytes that are written to it.
type tail struct{ kept []byte }

// Write keeps the end of p.
func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if excess := len(t.kept) - stderrLimit; excess > 0 {
		t.kept = append(t.kept[:0], t.kept[excess:]...)
	}
	return len(p), nil
}

// String is what was kept.
func (t *tail) String() string { return string(bytes.TrimSpace(t.kept)) }
