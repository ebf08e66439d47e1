package datatest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
)

// Ports that somebody else has taken meanwhile are replaced; the data stays.
func TestServersMoveToOtherPorts(t *testing.T) {
	o := options(t, false)
	first := startAll(t, o, data.PostgresServers, data.PoolerServers, data.RedisServers)
	newCluster(t, o, first).Query(t, named(t, first, data.PrimaryName), "INSERT INTO plugins VALUES ('kept', 'Kept', '1')")
	r := newRedis(o, first)
	identity := r.Do(t, r.Nodes[0], "CLUSTER", "MYID")
	for _, server := range first {
		server.Stop(t)
	}

	moved := o
	moved.Ports = freePorts(t)
	second := startAll(t, moved, data.PostgresServers, data.PoolerServers, data.RedisServers)
	c := newCluster(t, moved, second)
	for _, replica := range c.Replicas {
		c.Await(t, replica, "SELECT count(*) FROM plugins WHERE id = 'kept'", "1")
	}
	r = newRedis(moved, second)
	for _, node := range r.Nodes {
		r.Await(t, node, "cluster_state:ok", "CLUSTER", "INFO")
	}
	require.Equal(t, identity, r.Do(t, r.Nodes[0], "CLUSTER", "MYID"), "it was not made anew")
}
