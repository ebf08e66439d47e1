package datatest

import (
	"testing"

	"gatehouse/sandbox/data"
)

// Stores starts the whole set that the sandbox has, in one folder. It skips the
// test in short mode, and where a server is not installed.
func Stores(t testing.TB, sentinel bool) (*Cluster, *Bouncer, *Redis) {
	t.Helper()
	o := options(t, sentinel)
	servers := startAll(t, o, data.PostgresServers, data.PoolerServers, data.RedisServers)
	return newCluster(t, o, servers), newBouncer(t, o, servers), newRedis(o, servers)
}
