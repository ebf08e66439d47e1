package datatest_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

func TestTwoSetsSideBySide(t *testing.T) {
	type set struct {
		c *datatest.Cluster
		r *datatest.Redis
	}
	var sets [2]set
	var starting sync.WaitGroup
	for i := range sets {
		starting.Go(func() {
			c, _, r := datatest.Stores(t, i == 1)
			sets[i] = set{c, r}
		})
	}
	starting.Wait()
	require.False(t, t.Failed())
	for i, set := range sets {
		set.c.Query(t, set.c.Primary, "DELETE FROM workflows")
		require.Equal(t, "2", set.c.Value(t, set.c.Primary, "SELECT count(*) FROM pg_stat_replication"))
		require.Len(t, set.r.Nodes, []int{6, 3}[i])
		require.Len(t, set.r.SentinelNodes, []int{0, 3}[i])
	}
	require.NotEqual(t, sets[0].c.Password(t, data.Superuser), sets[1].c.Password(t, data.Superuser))
}

func TestAServerCanHang(t *testing.T) {
	c := datatest.PostgresCluster(t)
	conn := c.Connect(t, c.Primary, data.MonitorUser, data.Database)
	c.Primary.Pause(t)
	for name, ask := range map[string]func(context.Context) error{"a new connection": c.Primary.Healthy, "an open one": conn.Ping} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		require.Error(t, ask(ctx), name)
		cancel()
	}
	require.True(t, c.Primary.Running())
	c.Primary.Resume(t)
	c.Primary.AwaitReady(t)

	own := strings.TrimSuffix(c.CA, "tls/ca.crt") + data.PrimaryName + "/"
	require.NotEmpty(t, using(t, own))
	c.Primary.Pause(t)
	c.Primary.Kill(t)
	require.Eventually(t, func() bool { return len(using(t, own)) == 0 }, 20*time.Second, 50*time.Millisecond, "no child hangs on")
}

// killed is set for a copy of this test binary that is to be killed.
const killed = "GATEHOUSE_TEST_KILLED"

func TestAKilledTestBinaryLeavesNothing(t *testing.T) {
	if os.Getenv(killed) != "" {
		c, _, r := datatest.Stores(t, false)
		c.Primary.Pause(t)
		r.Nodes[0].Pause(t)
		_, _ = os.Stdout.WriteString("folder " + c.CA + "\n")
		select {}
	}
	if testing.Short() {
		t.Skip("long: needs data servers; run make test")
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestAKilledTestBinaryLeavesNothing$", "-test.v")
	cmd.Env = append(os.Environ(), killed+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	folder, said := "", ""
	for lines := bufio.NewScanner(out); folder == "" && lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "SKIP") {
			t.Skip("needs all servers")
		}
		if path, found := strings.CutPrefix(lines.Text(), "folder "); found {
			folder = strings.TrimSuffix(path, "/tls/ca.crt")
		}
	}
	require.NotEmpty(t, folder, said)
	require.DirExists(t, folder)
	require.NotEmpty(t, using(t, folder))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err) && len(using(t, folder)) == 0
	}, 30*time.Second, 50*time.Millisecond, "%v", using(t, folder))
}

// using lists the processes that name a folder, or work in it: those of
// PostgreSQL write over their arguments.
func using(t *testing.T, folder string) []string {
	t.Helper()
	out, err := exec.Command("ps", "-eo", "args").Output()
	require.NoError(t, err)
	var found []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, folder) {
			found = append(found, line)
		}
	}
	places, err := filepath.Glob("/proc/[0-9]*/cwd")
	require.NoError(t, err)
	for _, place := range places {
		if to, err := os.Readlink(place); err == nil && strings.HasPrefix(to, folder) {
			found = append(found, place)
		}
	}
	return found
}

func TestNothingRunsAfterATest(t *testing.T) {
	before := goleak.IgnoreCurrent()
	var folder string
	t.Run("servers", func(t *testing.T) {
		r := datatest.Sentinel(t)
		folder = r.Folder(r.Nodes[0])
		r.Nodes[1].Pause(t)
		r.Nodes[2].Kill(t)
	})
	require.Empty(t, using(t, folder))
	require.NoDirExists(t, folder)
	goleak.VerifyNone(t, before)
}
