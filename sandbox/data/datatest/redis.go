package datatest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// Redis is a cluster, or a primary with replicas and sentinels.
type Redis struct {
	data.RedisEndpoints
	// Nodes are the servers; when they start, the first half of a cluster are
	// primaries, and the others follow them in the same order. Of a trio with
	// sentinels, the first is the primary.
	Nodes []*Server
	// SentinelNodes are the sentinels, none in cluster mode.
	SentinelNodes []*Server
	options       data.StoreOptions
}

// RedisCluster starts a cluster of three primaries with a replica each, as the
// sandbox has it. It skips the test in short mode, and where Redis is not
// installed.
func RedisCluster(t testing.TB) *Redis {
	t.Helper()
	return startRedis(t, false)
}

// Sentinel is like [RedisCluster] with a primary and two replicas that three
// sentinels watch.
func Sentinel(t testing.TB) *Redis {
	t.Helper()
	return startRedis(t, true)
}

func startRedis(t testing.TB, sentinel bool) *Redis {
	t.Helper()
	o := options(t, sentinel)
	return newRedis(o, startAll(t, o, data.RedisServers))
}

func newRedis(o data.StoreOptions, servers []*Server) *Redis {
	r := &Redis{RedisEndpoints: *o.Endpoints().Redis, options: o}
	for _, server := range servers {
		switch {
		case strings.HasPrefix(server.Name, "redis-sentinel"):
			r.SentinelNodes = append(r.SentinelNodes, server)
		case strings.HasPrefix(server.Name, "redis"):
			r.Nodes = append(r.Nodes, server)
		}
	}
	return r
}

// Password of a login.
func (r *Redis) Password(t testing.TB, user string) string {
	t.Helper()
	return secret(t, r.Users[user])
}

// TLS trusts the servers' authority.
func (r *Redis) TLS(t testing.TB) *tls.Config {
	t.Helper()
	text, err := os.ReadFile(r.CA)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
}

// Client is one login at one server. The end of the test closes it.
func (r *Redis) Client(t testing.TB, server *Server, user string) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{
		Addr: process.Address(r.options.Ports[server.Name]), Username: user, Password: r.Password(t, user), TLSConfig: r.TLS(t),
		PoolSize: 1, MaxRetries: -1, ContextTimeoutEnabled: true, DisableIndentity: true,
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// Do runs a command on a server as its administrator.
func (r *Redis) Do(t testing.TB, server *Server, args ...any) any {
	t.Helper()
	answer, err := r.try(t, server, args...)
	require.NoError(t, err, "%s: %v", server.Name, args)
	return answer
}

func (r *Redis) try(t testing.TB, server *Server, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second) // also in t.Cleanup
	defer cancel()
	client := r.Client(t, server, data.AdminUser)
	defer func() { _ = client.Close() }()
	return client.Do(ctx, args...).Result()
}

// Await waits until the answer of a server holds want.
func (r *Redis) Await(t testing.TB, server *Server, want string, args ...any) {
	t.Helper()
	for deadline := time.Now().Add(readyLimit); ; time.Sleep(20 * time.Millisecond) {
		answer, err := r.try(t, server, args...)
		if text, ok := answer.(string); err == nil && ok && strings.Contains(text, want) {
			return
		}
		require.False(t, time.Now().After(deadline), "%s answers %v, %v without %q to %v", server.Name, answer, err, want, args)
	}
}

// Configure sets a setting on a server until the test ends.
func (r *Redis) Configure(t testing.TB, server *Server, name, value string) {
	t.Helper()
	before := r.Do(t, server, "CONFIG", "GET", name)
	r.Do(t, server, "CONFIG", "SET", name, value)
	t.Cleanup(func() {
		if server.Running() {
			for key, old := range before.(map[any]any) {
				r.Do(t, server, "CONFIG", "SET", key, old)
			}
		}
	})
}

// BreakSnapshots makes every snapshot of a server fail until mend is called or
// the test ends, and takes one.
func (r *Redis) BreakSnapshots(t testing.TB, server *Server) (mend func()) {
	t.Helper()
	file := filepath.Join(r.Folder(server), "dump.rdb")
	require.NoError(t, os.RemoveAll(file))
	require.NoError(t, os.MkdirAll(filepath.Join(file, "full"), 0o700)) // no file can take its place
	mended := false
	mend = func() {
		if mended || !server.Running() {
			return
		}
		mended = true
		require.NoError(t, os.RemoveAll(file))
		r.Snapshot(t, server, "ok")
	}
	t.Cleanup(mend)
	r.Snapshot(t, server, "err")
	return mend
}

// Snapshot has a server write its RDB file and waits for the status, "ok" or
// "err".
func (r *Redis) Snapshot(t testing.TB, server *Server, status string) {
	t.Helper()
	r.Await(t, server, "rdb_bgsave_in_progress:0", "INFO", "persistence")
	r.Do(t, server, "BGSAVE", "SCHEDULE")
	r.Await(t, server, "rdb_last_bgsave_status:"+status, "INFO", "persistence")
}

// Folder holds the files of a server.
func (r *Redis) Folder(server *Server) string { return filepath.Join(r.options.Dir, server.Name) }
