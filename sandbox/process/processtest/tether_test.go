package processtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/process"
	"gatehouse/sandbox/process/processtest"
)

func TestStopEndsAPausedProgramAndRemovesItsFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	require.NoError(t, os.Mkdir(dir, 0o700))
	log := filepath.Join(t.TempDir(), "log")
	p := processtest.Start(t, process.Command{Path: "sh", Args: []string{"-c", "echo up; exec sleep 600"}, Log: log}, dir)
	require.Eventually(t, func() bool { return strings.Contains(process.Tail(log), "up") }, 10*time.Second, 5*time.Millisecond)
	p.Pause()
	p.Stop()
	select {
	case <-p.Exited():
	default:
		require.Fail(t, "still runs")
	}
	require.Eventually(t, func() bool { _, err := os.Stat(dir); return os.IsNotExist(err) }, 10*time.Second, 5*time.Millisecond)
	p.Stop()
}

func TestKillIsACrash(t *testing.T) {
	p := processtest.Start(t, process.Command{
		Path: "sh", Args: []string{"-c", "trap '' TERM; while :; do sleep 1; done"}, Log: filepath.Join(t.TempDir(), "log"),
	}, "")
	p.Kill()
	<-p.Exited()
}
