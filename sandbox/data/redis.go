package data

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"gatehouse/sandbox/process"
)

// redisMemory is the most that a node keeps. The guide's 4 GB for each of six
// is more than a workstation has.
const redisMemory = "256mb"

// node is a Redis server.
type node struct {
	ground
	program string
	name    string
	index   int // from 1
}

// RedisServers are a cluster of three primaries with a replica each, or a
// primary with two replicas and three sentinels. Errors wrap [ErrNotInstalled].
func RedisServers(o StoreOptions) ([]Server, error) {
	program, err := findProgram("redis-server", "redis-server")
	if err != nil {
		return nil, err
	}
	var servers []Server
	var nodes []node
	for i := range o.redisNodes() {
		n := node{ground: newGround(o), program: program, name: RedisName(i + 1), index: i + 1}
		nodes = append(nodes, n)
		servers = append(servers, n.asServer(n.settings()))
	}
	if o.Sentinel {
		return append(servers, sentinelServers(o, program)...), nil
	}
	// The last joins all.
	last := &servers[len(servers)-1]
	for _, n := range nodes[:len(nodes)-1] {
		last.After = append(last.After, n.name)
	}
	last.Settle = cluster{nodes: nodes}.join
	return servers, nil
}

// asServer runs a node or a sentinel with a configuration that it may change.
func (n node) asServer(settings string, flags ...string) Server {
	return Server{
		Name: n.name, Port: n.name,
		Prepare: func(context.Context) error { return n.prepare(flags) }, Healthy: n.healthy,
		Command: process.Command{
			Path: n.program, Args: append([]string{n.file("redis.conf")}, flags...), Log: n.log(n.name),
			Env: []string{"GATEHOUSE_SETTINGS=" + hash(settings)},
		},
	}
}

func (n node) file(name string) string { return filepath.Join(n.folder(n.name), name) }
func (n node) address() string         { return process.Address(n.Ports[n.name]) }

func redisSecrets() []string {
	var secrets []string
	for _, user := range []string{AdminUser, PortalUser, MonitorUser, replicationUser, sentinelUser} {
		secrets = append(secrets, redisSecret(user))
	}
	return secrets
}

// settings are redis.conf without its secrets.
func (n node) settings() string {
	var text strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }
	n.network(line)
	// The guide's.
	line("maxmemory %s", redisMemory)
	line("maxmemory-policy allkeys-lru")
	line("save 900 1 300 10 60 10000")
	line("appendonly yes")
	line("appendfsync everysec")
	line("masteruser %s", replicationUser)
	line("repl-diskless-sync-delay 0") // there is one replica to wait for
	line("latency-monitor-threshold 100")
	if n.Sentinel {
		if n.index > 1 {
			line("replicaof %s %d", process.Loopback, n.Ports[RedisName(1)])
		}
		return text.String()
	}
	line("cluster-enabled yes")
	line("cluster-port %d", n.Ports[n.name+busSuffix])
	line("cluster-node-timeout 2000")
	line("tls-cluster yes")
	return text.String()
}

// network is how a node or a sentinel is reached.
func (n node) network(line func(string, ...any)) {
	line("bind %s", process.Loopback)
	line("port 0")
	line("tls-port %d", n.Ports[n.name])
	line("tls-cert-file %s", n.certificates.server())
	line("tls-key-file %s", n.certificates.key())
	line("tls-ca-cert-file %s", n.certificates.authority())
	line("tls-auth-clients no")
	line("tls-replication yes")
	line("dir %s", n.folder(n.name))
	line("daemonize no")
}

// secrets are the lines of redis.conf that hold any.
func (n node) secrets(rules map[string]string) (string, error) {
	var text strings.Builder
	text.WriteString("user default off resetkeys resetchannels -@all\n")
	for _, user := range slices.Sorted(maps.Keys(rules)) {
		password, err := readSecret(n.Dir, redisSecret(user))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "user %s on #%s %s\n", user, hash(password), rules[user])
	}
	return text.String(), nil
}

// prepare writes the configuration, unless it was made from the same: sentinels
// and those that they watch remember in it who leads.
func (n node) prepare(flags []string) error {
	if err := n.ground.prepare(redisSecrets()...); err != nil {
		return err
	}
	if err := os.MkdirAll(n.folder(n.name), 0o700); err != nil {
		return fmt.Errorf("prepare %s: %w", n.name, err)
	}
	text, err := n.configuration(len(flags) > 0)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", n.name, err)
	}
	made := n.file("made-from")
	if before, _ := os.ReadFile(made); string(before) == hash(text) && exists(n.file("redis.conf")) {
		return nil
	}
	if err := errors.Join(writeFile(n.file("redis.conf"), text), writeFile(made, hash(text))); err != nil {
		return fmt.Errorf("prepare %s: %w", n.name, err)
	}
	return nil
}

// client is the administrator's.
func (n node) client() (*redis.Client, error) {
	password, err := readSecret(n.Dir, redisSecret(AdminUser))
	if err != nil {
		return nil, err
	}
	trust, err := n.certificates.client()
	if err != nil {
		return nil, err
	}
	return redis.NewClient(&redis.Options{
		Addr: n.address(), Username: AdminUser, Password: password, TLSConfig: trust,
		PoolSize: 1, MaxRetries: -1, ContextTimeoutEnabled: true, DisableIndentity: true,
	}), nil
}

// healthy asks for a PONG, which a server that still loads its data refuses.
func (n node) healthy(ctx context.Context) error {
	client, err := n.client()
	if err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	defer func() { _ = client.Close() }()
	if err := client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	return nil
}
