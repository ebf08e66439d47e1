package run_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKilledNodeLeavesNothing kills the process that has started another.
func TestKilledNodeLeavesNothing(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	node := exec.Command(self, "stub", "node", self, "stub", "sleep")
	output, err := node.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, node.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	alive := func() bool { return syscall.Kill(pid, 0) == nil }
	require.Never(t, func() bool { return !alive() }, 200*time.Millisecond, 20*time.Millisecond, "it runs as long as the node does")
	require.NoError(t, node.Process.Kill())
	require.Error(t, node.Wait())
	require.Eventually(t, func() bool { return !alive() || zombie(t, pid) }, limit, 10*time.Millisecond)
}

// zombie says whether a process has ended and waits for its new parent.
func zombie(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}
