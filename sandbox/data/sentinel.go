package data

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"gatehouse/sandbox/process"
)

// quorum is how many sentinels must agree that the primary is gone.
const quorum = 2

// sentinelServers watch the primary.
func sentinelServers(o StoreOptions, program string) []Server {
	var servers []Server
	for i := range sentinels {
		n := node{ground: newGround(o), program: program, name: SentinelName(i + 1), index: i + 1}
		server := n.asServer(n.sentinelSettings(), "--sentinel")
		server.After = []string{RedisName(1), RedisName(2), RedisName(3)}
		server.Settle = n.agrees
		servers = append(servers, server)
	}
	return servers
}

// sentinelSettings are sentinel.conf without its secrets.
func (n node) sentinelSettings() string {
	var text strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }
	n.network(line)
	line("sentinel monitor %s %s %d %d", SentinelPrimary, process.Loopback, n.Ports[RedisName(1)], quorum)
	line("sentinel auth-user %s %s", SentinelPrimary, sentinelUser)
	line("sentinel down-after-milliseconds %s 2000", SentinelPrimary)
	line("sentinel failover-timeout %s 10000", SentinelPrimary)
	line("sentinel parallel-syncs %s 1", SentinelPrimary)
	line("sentinel sentinel-user %s", sentinelUser)
	return text.String()
}

// configuration is the whole file, of a node or of a sentinel.
func (n node) configuration(sentinel bool) (string, error) {
	rules := nodeRules()
	if sentinel {
		rules = sentinelRules()
	}
	users, err := n.secrets(rules)
	if err != nil {
		return "", err
	}
	if !sentinel {
		password, err := readSecret(n.Dir, redisSecret(replicationUser))
		if err != nil {
			return "", err
		}
		return n.settings() + users + "masterauth " + password + "\n", nil
	}
	password, err := readSecret(n.Dir, redisSecret(sentinelUser))
	if err != nil {
		return "", err
	}
	return n.sentinelSettings() + users + fmt.Sprintf("sentinel auth-pass %s %s\nsentinel sentinel-pass %[2]s\n", SentinelPrimary, password), nil
}

// agrees waits until this sentinel knows the others and the replicas.
func (n node) agrees(ctx context.Context) error {
	client, err := n.client()
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	// A sentinel asks who the replicas are every ten seconds. Redis before 7.0
	// knows no other way, and is waited for.
	_ = client.Do(ctx, "SENTINEL", "DEBUG", "INFO-PERIOD", 200)
	defer func() { _ = client.Do(context.WithoutCancel(ctx), "SENTINEL", "DEBUG", "INFO-PERIOD", 10_000) }()
	return await(ctx, n.name+" to know the others", func(ctx context.Context) error {
		asked := redis.NewMapStringStringCmd(ctx, "SENTINEL", "MASTER", SentinelPrimary)
		_ = client.Process(ctx, asked)
		known, err := asked.Result()
		if err != nil {
			return err
		}
		for name, want := range map[string]int{"num-other-sentinels": sentinels - 1, "num-slaves": sentinelTrio - 1} {
			if got, _ := strconv.Atoi(known[name]); got < want {
				return fmt.Errorf("%s is %s, not %d", name, known[name], want)
			}
		}
		return nil
	})
}
