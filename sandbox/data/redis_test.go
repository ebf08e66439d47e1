package data_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// whole waits until every node sees all slots served.
func whole(t *testing.T, r *datatest.Redis) {
	t.Helper()
	for _, node := range r.Nodes {
		r.Await(t, node, "cluster_state:ok", "CLUSTER", "INFO")
		r.Await(t, node, "cluster_slots_ok:16384", "CLUSTER", "INFO")
		r.Await(t, node, "cluster_known_nodes:6", "CLUSTER", "INFO")
	}
}

// shared is a client of the whole cluster.
func shared(t *testing.T, r *datatest.Redis) *redis.ClusterClient {
	t.Helper()
	client := redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: r.Addresses, Username: data.PortalUser, Password: r.Password(t, data.PortalUser), TLSConfig: r.TLS(t),
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func primaries(t *testing.T, r *datatest.Redis) int {
	t.Helper()
	count := 0
	for _, node := range r.Nodes {
		if strings.Contains(r.Do(t, node, "INFO", "replication").(string), "role:master") {
			count++
		}
	}
	return count
}

func TestAClusterIsWholeAndAsTheGuideSays(t *testing.T) {
	r := datatest.RedisCluster(t)
	whole(t, r)
	require.Equal(t, 3, primaries(t, r))
	for _, node := range r.Nodes {
		for setting, want := range map[string]string{
			"maxmemory-policy": "allkeys-lru", "save": "900 1 300 10 60 10000", "appendonly": "yes", "appendfsync": "everysec",
		} {
			require.Equal(t, map[any]any{setting: want}, r.Do(t, node, "CONFIG", "GET", setting))
		}
		require.Contains(t, r.Do(t, node, "INFO", "replication"), map[bool]string{true: "connected_slaves:1", false: "master_link_status:up"}[node.Name < "redis-4"])
	}
	client := shared(t, r)
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		require.NoError(t, client.Set(t.Context(), key, key, 0).Err())
	}
}

func TestLoginsOfRedis(t *testing.T) {
	r := datatest.RedisCluster(t)
	monitor := r.Client(t, r.Nodes[0], data.MonitorUser)
	require.NoError(t, monitor.Info(t.Context(), "memory").Err())
	require.NoError(t, monitor.ClusterInfo(t.Context()).Err())
	require.NoError(t, monitor.ConfigGet(t.Context(), "appendonly").Err())
	require.ErrorContains(t, monitor.ConfigSet(t.Context(), "appendonly", "no").Err(), "NOPERM")
	require.ErrorContains(t, monitor.Get(t.Context(), "a").Err(), "NOPERM")
	require.ErrorContains(t, r.Client(t, r.Nodes[0], data.PortalUser).FlushAll(t.Context()).Err(), "NOPERM")

	nobody := redis.NewClient(&redis.Options{Addr: r.Addresses[0], TLSConfig: r.TLS(t), MaxRetries: -1})
	t.Cleanup(func() { _ = nobody.Close() })
	require.ErrorContains(t, nobody.Ping(t.Context()).Err(), "NOAUTH")
	plain := redis.NewClient(&redis.Options{Addr: r.Addresses[0], MaxRetries: -1})
	t.Cleanup(func() { _ = plain.Close() })
	require.Error(t, plain.Ping(t.Context()).Err(), "only with TLS")
}

func TestAClusterKeepsItsDataOverAStartAndACrash(t *testing.T) {
	r := datatest.RedisCluster(t)
	require.NoError(t, shared(t, r).Set(t.Context(), "kept", "yes", 0).Err())
	for _, stop := range []func(*datatest.Server){
		func(s *datatest.Server) { s.Stop(t) },
		func(s *datatest.Server) { s.Kill(t) },
	} {
		r.Await(t, r.Nodes[0], "aof_pending_bio_fsync:0", "INFO", "persistence")
		for _, node := range r.Nodes {
			stop(node)
		}
		for _, node := range r.Nodes {
			node.Start(t) // the last one joins them
		}
		whole(t, r)
		require.Equal(t, "yes", shared(t, r).Get(t.Context(), "kept").Val())
		require.NoError(t, r.Nodes[5].Settle(t.Context()), "safe to repeat")
	}
}

func TestALostNodeOfRedisIsReplaced(t *testing.T) {
	r := datatest.RedisCluster(t)
	primary, err := shared(t, r).MasterForKey(t.Context(), "kept")
	require.NoError(t, err)
	conn := primary.Conn()
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.Set(t.Context(), "kept", "yes", 0).Err())
	// Redis answers before its replicas have it.
	copies, err := conn.Wait(t.Context(), 1, 20*time.Second).Result()
	require.NoError(t, err)
	require.Positive(t, copies)
	t.Run("one of a shard: the other takes over", func(t *testing.T) {
		r.Nodes[0].Kill(t)
		require.NoError(t, os.RemoveAll(r.Folder(r.Nodes[0])))
		r.Nodes[0].Start(t)
		require.NoError(t, r.Nodes[5].Settle(t.Context()))
		whole(t, r)
		require.Equal(t, 3, primaries(t, r))
		require.Equal(t, "yes", shared(t, r).Get(t.Context(), "kept").Val())
	})
	t.Run("the whole shard: made anew", func(t *testing.T) {
		for _, node := range []*datatest.Server{r.Nodes[0], r.Nodes[3]} {
			node.Kill(t)
			require.NoError(t, os.RemoveAll(r.Folder(node)))
			node.Start(t)
		}
		require.NoError(t, r.Nodes[5].Settle(t.Context()))
		whole(t, r)
		require.Equal(t, 3, primaries(t, r))
	})
}

func TestSnapshotsCanBeBrokenAndMended(t *testing.T) {
	r := datatest.RedisCluster(t)
	mend := r.BreakSnapshots(t, r.Nodes[1])
	require.Contains(t, r.Do(t, r.Nodes[1], "INFO", "persistence"), "rdb_last_bgsave_status:err")
	mend()
	require.FileExists(t, filepath.Join(r.Folder(r.Nodes[1]), "dump.rdb"))
}

func TestSentinelsFailOverAndRemember(t *testing.T) {
	r := datatest.Sentinel(t)
	sentinel := redis.NewSentinelClient(&redis.Options{
		Addr: r.Sentinels[0], Username: data.MonitorUser, Password: r.Password(t, data.MonitorUser), TLSConfig: r.TLS(t),
	})
	t.Cleanup(func() { _ = sentinel.Close() })
	leader := func() []string {
		address, err := sentinel.GetMasterAddrByName(t.Context(), r.Primary).Result()
		require.NoError(t, err)
		return address
	}
	before := leader()
	for _, node := range r.SentinelNodes {
		r.Await(t, node, "OK 3 usable Sentinels", "SENTINEL", "CKQUORUM", r.Primary)
	}
	r.Nodes[0].Kill(t)
	require.Eventually(t, func() bool {
		now, err := sentinel.GetMasterAddrByName(t.Context(), r.Primary).Result()
		return err == nil && now[1] != before[1] // while it votes it may be slow to answer
	}, readyLimit, poll)
	now := leader()
	r.Nodes[0].Start(t)
	r.Await(t, r.Nodes[0], "role:slave", "INFO", "replication")

	for _, server := range append(r.Nodes, r.SentinelNodes...) {
		server.Stop(t)
	}
	for _, server := range append(r.Nodes, r.SentinelNodes...) {
		server.Start(t)
	}
	require.Equal(t, now, leader(), "the one that leads is not forgotten")
	r.Await(t, r.Nodes[0], "master_link_status:up", "INFO", "replication")
}
