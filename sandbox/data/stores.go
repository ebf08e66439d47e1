package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Kinds of stores, as [Stores] names those that are missing.
const (
	PostgresKind  = "postgres"
	PgBouncerKind = "pgbouncer"
	RedisKind     = "redis"
)

// Names of the servers, which are also those of their ports.
const (
	PrimaryName  = "postgres"
	PoolerName   = "pgbouncer"
	busSuffix    = "-bus" // the cluster bus of a Redis node has a port of its own
	replicas     = 2
	shards       = 3
	redisNodes   = 2 * shards
	sentinels    = 3
	sentinelTrio = 3 // a primary and two replicas
)

// ReplicaName is the name of a replica of PostgreSQL, from 1.
func ReplicaName(i int) string { return fmt.Sprintf("%s-replica-%d", PrimaryName, i) }

// PostgresNames are the names of all instances of PostgreSQL, the primary first.
func PostgresNames() []string {
	names := []string{PrimaryName}
	for i := range replicas {
		names = append(names, ReplicaName(i+1))
	}
	return names
}

// RedisName is the name of a node of Redis, from 1.
func RedisName(i int) string { return fmt.Sprintf("redis-%d", i) }

// SentinelName is the name of a sentinel, from 1.
func SentinelName(i int) string { return fmt.Sprintf("redis-sentinel-%d", i) }

// StoreOptions say where the stores are. The same options give the same stores.
type StoreOptions struct {
	// Dir holds everything of them: folders and files that no other user can
	// read.
	Dir string
	// Ports are free ports of the loopback address, by the names of
	// [StorePorts].
	Ports map[string]int
	// Sentinel is whether Redis is a primary with two replicas that three
	// sentinels watch, and not a cluster of three primaries with a replica each.
	Sentinel bool
}

// StorePorts are the names of the ports that [Stores] needs, for either kind of
// Redis.
func StorePorts() []string {
	names := append(PostgresNames(), PoolerName)
	for i := range redisNodes {
		names = append(names, RedisName(i+1), RedisName(i+1)+busSuffix)
	}
	for i := range sentinels {
		names = append(names, SentinelName(i+1))
	}
	return names
}

// Stores returns the servers that this machine can run, and for the others, by
// kind, why it cannot and what to do.
//
// A server is prepared once those that it comes after are settled, and only when
// it does not run. Healthy may be asked at any time; Settle follows it, also for
// one that was running.
func Stores(o StoreOptions) (servers []Server, missing map[string]string) {
	missing = map[string]string{}
	for _, kind := range []struct {
		name string
		make func(StoreOptions) ([]Server, error)
	}{{PostgresKind, PostgresServers}, {PgBouncerKind, PoolerServers}, {RedisKind, RedisServers}} {
		made, err := kind.make(o)
		if err != nil {
			missing[kind.name] = err.Error() + ", or run make sandbox-deps as root"
		}
		servers = append(servers, made...)
	}
	return servers, missing
}

// ground is what all servers of one folder stand on: passwords and
// certificates.
type ground struct {
	StoreOptions
	certificates certificates
}

func newGround(o StoreOptions) ground {
	return ground{StoreOptions: o, certificates: certificates{dir: filepath.Join(o.Dir, "tls")}}
}

// making lets one server at a time make what several share.
var making sync.Mutex

// prepare makes the folder, the certificates and the passwords that are missing.
func (g ground) prepare(secrets ...string) error {
	making.Lock()
	defer making.Unlock()
	if err := os.MkdirAll(filepath.Join(g.Dir, "secrets"), 0o700); err != nil {
		return fmt.Errorf("make the stores' folder: %w", err)
	}
	if err := g.certificates.ensure(); err != nil {
		return err
	}
	for _, name := range secrets {
		if err := ensureSecret(secretFile(g.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// folder of one server.
func (g ground) folder(name string) string { return filepath.Join(g.Dir, name) }

// log of one server. It is not in its folder, which may be made anew.
func (g ground) log(name string) string { return filepath.Join(g.Dir, name+".log") }

// exists says whether there is such a file.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
