package process_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/process"
)

// shell starts a shell script as a process.
func shell(t *testing.T, script string, env ...string) *process.Process {
	t.Helper()
	sh, err := exec.LookPath("sh")
	require.NoError(t, err)
	p, err := process.Start(process.Command{
		Path: sh, Args: []string{"-c", script}, Env: env, Log: filepath.Join(t.TempDir(), "log"),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Stop(context.Background(), 0) })
	return p
}

// awaitLog waits until the process has written text.
func awaitLog(t *testing.T, p *process.Process, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(process.Tail(p.Log), text) }, 10*time.Second, 5*time.Millisecond)
}

func TestStopEndsAProcessAndIsSafeToRepeat(t *testing.T) {
	p := shell(t, "echo up; sleep 60 & wait")
	awaitLog(t, p, "up")
	require.True(t, p.Alive())
	require.NoError(t, p.Stop(t.Context(), time.Minute))
	require.False(t, p.Alive())
	require.NoError(t, p.Stop(t.Context(), time.Minute))
}

func TestStopKillsAProcessThatIgnoresTheRequest(t *testing.T) {
	p := shell(t, "trap '' TERM; echo up; while :; do sleep 0.1; done")
	awaitLog(t, p, "up")
	require.NoError(t, p.Stop(t.Context(), 50*time.Millisecond))
	require.False(t, p.Alive())
}

func TestStopGivesUpWithItsContext(t *testing.T) {
	p := shell(t, "trap '' TERM; echo up; while :; do sleep 0.1; done")
	awaitLog(t, p, "up")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.Stop(ctx, time.Minute), context.DeadlineExceeded)
}

func TestAReusedPIDIsNeverSignalled(t *testing.T) {
	p := shell(t, "echo up; sleep 60 & wait")
	awaitLog(t, p, "up")
	earlier := process.Identity{PID: p.PID, Started: p.Started + "0"}
	require.False(t, earlier.Alive())
	require.NoError(t, earlier.Stop(t.Context(), 0))
	require.True(t, p.Alive(), "the process that has the ID now must live on")
	require.False(t, process.Identity{}.Alive())
	require.False(t, process.Identity{PID: p.PID}.Alive(), "an ID alone identifies nothing")
}

func TestAZombieIsNotAlive(t *testing.T) {
	cmd := exec.Command("sh", "-c", "read -r _")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	identity := process.Identity{PID: cmd.Process.Pid, Started: startedOf(t, cmd.Process.Pid)}
	require.True(t, identity.Alive())
	require.NoError(t, stdin.Close()) // it ends, and nobody waits for it yet
	require.Eventually(t, func() bool { return !identity.Alive() }, 10*time.Second, 5*time.Millisecond)
	_ = cmd.Wait() // reap it; how it ended does not matter
}

// startedOf finds when a process of the test started, by a mark in its parent's
// environment that all children of the test share.
func startedOf(t *testing.T, pid int) string {
	t.Helper()
	for _, found := range process.Marked("PATH=" + os.Getenv("PATH")) {
		if found.PID == pid {
			return found.Started
		}
	}
	require.FailNow(t, "process not found", pid)
	return ""
}

func TestMarkedFindsWhatNobodyWroteDown(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the environment of processes")
	}
	mark := "GATEHOUSE_TEST_MARK=" + t.TempDir()
	p := shell(t, "echo up; sleep 60 & wait", mark)
	other := shell(t, "echo up; sleep 60 & wait", mark+"x")
	awaitLog(t, p, "up")
	awaitLog(t, other, "up")
	require.Contains(t, process.Marked(mark), p.Identity)
	require.NotContains(t, process.Marked(mark), other.Identity)
	require.Equal(t, "-c", p.Args()[1])
}

func TestAwaitReady(t *testing.T) {
	notYet := errors.New("not yet")
	t.Run("returns when it is healthy", func(t *testing.T) {
		calls := 0
		err := shell(t, "sleep 60").AwaitReady(t.Context(), "part", func(context.Context) error {
			if calls++; calls < 3 {
				return notYet
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 3, calls)
	})
	t.Run("quotes the log of a process that ends", func(t *testing.T) {
		err := shell(t, "echo bad flag --x >&2; exit 1").AwaitReady(t.Context(), "part", func(context.Context) error { return notYet })
		require.ErrorContains(t, err, "start part: it ended at once")
		require.ErrorContains(t, err, "bad flag --x")
	})
	t.Run("says what was wrong last when time is up", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		err := shell(t, "sleep 60").AwaitReady(ctx, "part", func(context.Context) error { return notYet })
		require.ErrorIs(t, err, notYet)
	})
}

func TestTailIsShortAndBeginsWithAWholeLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("a long line of the log\n", 1000)+"last"), 0o600))
	text := process.Tail(path)
	require.LessOrEqual(t, len(text), 2500)
	require.True(t, strings.HasPrefix(text, "  a long line"), text[:20])
	require.True(t, strings.HasSuffix(text, "  last"))
	require.Contains(t, process.Tail(path+".missing"), "no log")
}

func TestFreePort(t *testing.T) {
	port, err := process.FreePort()
	require.NoError(t, err)
	require.True(t, process.PortFree(port))
	if next, err := net.Listen("tcp", process.Address(port+1)); err == nil { // or another has it
		defer func() { _ = next.Close() }()
	}
	other, err := process.FreePort()
	require.NoError(t, err)
	require.NotContains(t, []int{port, port + 1}, other, "one that was given, and one that is taken")
}

// Between the choice of a port and its use nobody who asks for any port gets it.
func TestFreePortIsGivenToNobodyElse(t *testing.T) {
	chosen := map[int]bool{}
	for range 50 {
		port, err := process.FreePort()
		require.NoError(t, err)
		require.False(t, chosen[port], "given twice")
		chosen[port] = true
	}
	for range 500 {
		any, err := net.Listen("tcp", process.Address(0))
		require.NoError(t, err)
		t.Cleanup(func() { _ = any.Close() })
		require.False(t, chosen[any.Addr().(*net.TCPAddr).Port])
	}
}

func TestStartOfNothing(t *testing.T) {
	_, err := process.Start(process.Command{Path: "/does/not/exist", Log: filepath.Join(t.TempDir(), "log")})
	require.ErrorContains(t, err, "start exist")
}
