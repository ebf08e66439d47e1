package redis_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/redis"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/process"
)

const secret = "s3cret"

func at(t *testing.T, address string) target.Redis {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(secret), 0o600))
	return target.Redis{Addresses: []string{address}, User: "monitor", Password: target.Secret{File: file}}
}

// all asks every reader and returns values and problems by query.
func all(t *testing.T, c *redis.Collector, limit time.Duration) (map[evidence.Name]any, map[evidence.Name][]evidence.Problem) {
	t.Helper()
	values, problems := map[evidence.Name]any{}, map[evidence.Name][]evidence.Problem{}
	for _, r := range c.Readers() {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		value, err := r.Read(ctx)
		cancel()
		values[r.Name] = value
		if err != nil {
			require.NotContains(t, err.Error(), secret)
			problems[r.Name] = evidence.Problems(err)
		}
	}
	return values, problems
}

// requireAll wants one kind of problem of every reader but that of sentinels,
// which asks nobody in cluster mode.
func requireAll(t *testing.T, where target.Redis, want evidence.Kind) {
	t.Helper()
	c, err := redis.New(t.Context(), where)
	require.NoError(t, err)
	defer c.Close()
	_, problems := all(t, c, 500*time.Millisecond)
	require.Len(t, problems, len(c.Readers())-1)
	for name, of := range problems {
		require.Equal(t, want, of[0].Kind, "%s: %s", name, of[0].Message)
	}
}

// strange listens and does something that no Redis does.
func strange(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	go func() {
		defer close(done)
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			go func() {
				defer func() { _ = conn.Close() }()
				do(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// says answers every line that begins a command with the same words.
func says(answer string) func(net.Conn) {
	return func(c net.Conn) {
		for lines := bufio.NewScanner(c); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "*") {
				_, _ = io.WriteString(c, answer)
			}
		}
	}
}

func TestStrangeServers(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // after the servers' own
	for name, c := range map[string]struct {
		do   func(net.Conn)
		want evidence.Kind
	}{
		"garbage":   {says("HTTP/1.1 400 Bad Request\r\n"), evidence.Invalid},
		"a number":  {says(":1\r\n"), evidence.Invalid},
		"dropped":   {func(net.Conn) {}, evidence.Unreachable},
		"silent":    {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, evidence.TimedOut},
		"loading":   {says("-LOADING Redis is loading the dataset in memory\r\n"), evidence.Throttled},
		"down":      {says("-CLUSTERDOWN Hash slot not served\r\n"), evidence.Unreachable},
		"full":      {says("-ERR max number of clients reached\r\n"), evidence.Throttled},
		"no rights": {says("-NOPERM this user has no permissions to run the 'cluster|nodes' command\r\n"), evidence.Denied},
		"no login":  {says("-WRONGPASS invalid username-password pair or user is disabled.\r\n"), evidence.Denied},
		"alone":     {says("-ERR This instance has cluster support disabled\r\n"), evidence.Unsupported},
	} {
		t.Run(name, func(t *testing.T) { requireAll(t, at(t, strange(t, c.do)), c.want) })
	}
	port, err := process.FreePort()
	require.NoError(t, err)
	requireAll(t, at(t, process.Address(port)), evidence.Unreachable)
	where := at(t, strange(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "-ERR no TLS here\r\n")
		_, _ = io.Copy(io.Discard, c)
	}))
	where.TLS = true
	requireAll(t, where, evidence.Unreachable)
}

func TestTargetsThatAreWrong(t *testing.T) {
	for _, where := range []target.Redis{
		{},
		{Addresses: []string{"no-port"}},
		{Addresses: []string{"a:6379"}, Password: target.Secret{Env: "GATEHOUSE_NO_SUCH_SECRET"}},
		{Addresses: []string{"a:6379"}, TLS: true, CA: "/does/not/exist"},
	} {
		_, err := redis.New(t.Context(), where)
		require.Error(t, err)
	}
}

func TestElastiCacheHidesItsSettings(t *testing.T) {
	where := at(t, strange(t, says("+OK\r\n")))
	where.Managed = true
	c, err := redis.New(t.Context(), where)
	require.NoError(t, err)
	defer c.Close()
	_, problems := all(t, c, time.Second)
	require.Equal(t, evidence.Unsupported, problems[evidence.RedisSettings.Name()][0].Kind)
}

func TestARealCluster(t *testing.T) {
	r := datatest.RedisCluster(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	where := target.Redis{
		Addresses: r.Addresses, User: data.MonitorUser, Password: target.Secret{File: r.Users[data.MonitorUser]}, TLS: true, CA: r.CA,
	}
	connect := func() *redis.Collector {
		c, err := redis.New(t.Context(), where)
		require.NoError(t, err)
		return c
	}
	c := connect()
	values, problems := all(t, c, 5*time.Second)
	require.Empty(t, problems)
	members := values[evidence.RedisTopology.Name()].(evidence.RedisMap).Members
	require.Len(t, members, 6)
	slots := 0
	for _, member := range members {
		slots += member.Slots
		require.Equal(t, member.Primary, member.Of == "")
	}
	require.Equal(t, 16384, slots)
	for _, node := range values[evidence.RedisNodes.Name()].([]evidence.RedisNode) {
		require.EqualValues(t, 256<<20, node.MaxBytes)
		require.Equal(t, "allkeys-lru", node.Policy)
		require.Positive(t, node.Fragmentation)
	}
	for _, door := range values[evidence.RedisAccess.Name()].([]evidence.RedisDoor) {
		require.True(t, door.Closed, door.Address)
	}

	// Cancelled in the middle, and asked again.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Readers()[1].Read(ctx)
	require.Equal(t, evidence.Cancelled, evidence.Problems(err)[0].Kind)
	_, problems = all(t, c, 5*time.Second)
	require.Empty(t, problems)
	c.Close()

	// One that hangs, which is asked first, holds nobody up.
	r.Nodes[0].Pause(t)
	c = connect()
	values, problems = all(t, c, time.Second)
	require.Len(t, values[evidence.RedisTopology.Name()].(evidence.RedisMap).Members, 6)
	require.Len(t, values[evidence.RedisNodes.Name()], 5)
	require.Equal(t, evidence.TimedOut, problems[evidence.RedisNodes.Name()][0].Kind)
	require.Contains(t, problems[evidence.RedisNodes.Name()][0].Message, r.Addresses[0])
	c.Close()
	r.Nodes[0].Resume(t)
}
