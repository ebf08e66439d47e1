package sandboxtest

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"gatehouse/sandbox/process"

	"github.com/stretchr/testify/require"
)

// script runs a program so that it ends with the test binary, even one that is
// killed: a shell in the background holds the reading end of a pipe whose
// writing end is the test's, and ends the program when the pipe closes. Then it
// removes the folder that is its first argument, unless that is empty.
const script = `dir=$1; shift; exec 3<&0
{ read -r _ <&3; kill $$
  if [ -n "$dir" ]; then
    for _ in 1 2 3 4 5; do rm -rf "$dir" 2>/dev/null; [ -e "$dir" ] || break; sleep 1; done
  fi; } >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`

// tether starts c with [script]. The function that comes back ends it now and
// waits for that. Keep it: the pipe closes too when nothing refers to it.
func tether(t testing.TB, c process.Command, remove string) (stop func()) {
	t.Helper()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	log, err := os.Create(c.Log)
	require.NoError(t, err)
	defer log.Close()

	cmd := exec.Command("sh", append([]string{"-c", script, "sh", remove, c.Path}, c.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, log, log
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Dir = os.TempDir()
	require.NoError(t, cmd.Start(), "start %s", c.Path)
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	return func() {
		_ = write.Close()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			<-done
		}
	}
}

// await asks healthy until it answers nil, and fails the test with the end of
// the log when it has not within limit.
func await(t testing.TB, name, log string, limit time.Duration, healthy func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := healthy()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.FailNow(t, name+" is not ready", "%v\nits log ends with:\n%s", err, process.Tail(log))
		}
		time.Sleep(20 * time.Millisecond)
	}
}
