package data

import (
	"iter"

	"gatehouse/sandbox/process"
)

// Endpoints are how the stores are reached. All speak TLS with a certificate for
// localhost and 127.0.0.1.
type Endpoints struct {
	// Postgres, PgBouncer and Redis are nil where this machine has none.
	Postgres  *PostgresEndpoints  `json:"postgres,omitempty"`
	PgBouncer *PgBouncerEndpoints `json:"pgbouncer,omitempty"`
	Redis     *RedisEndpoints     `json:"redis,omitempty"`
}

// PostgresEndpoints are a primary and its replicas.
type PostgresEndpoints struct {
	// Primary and Replicas are host:port.
	Primary  string   `json:"primary"`
	Replicas []string `json:"replicas"`
	// Database is the portal's.
	Database string `json:"database"`
	// Users are the files with the logins' passwords, by login.
	Users map[string]string `json:"users"`
	// CA is a PEM file.
	CA string `json:"ca"`
}

// Instances are the addresses of all instances by their names, the primary first.
func (p PostgresEndpoints) Instances() iter.Seq2[string, string] {
	return func(yield func(name, address string) bool) {
		names := PostgresNames()
		for i, address := range append([]string{p.Primary}, p.Replicas...) {
			if i == len(names) || !yield(names[i], address) {
				return
			}
		}
	}
}

// PgBouncerEndpoints are a pooler before the primary.
type PgBouncerEndpoints struct {
	// Address is host:port, of the databases and of the console.
	Address string `json:"address"`
	// Databases are the names of pools: the portal's, and the same on a
	// replica.
	Databases []string `json:"databases"`
	// Console is the database that is the admin console.
	Console string `json:"console"`
	// Users are the files with the logins' passwords, by login: admin and
	// monitor may use the console.
	Users map[string]string `json:"users"`
	// CA is a PEM file. TLS is offered and not asked for.
	CA string `json:"ca"`
}

// RedisEndpoints are a cluster, or a primary that sentinels watch.
type RedisEndpoints struct {
	// Addresses are host:port of all nodes.
	Addresses []string `json:"addresses"`
	// Sentinels are host:port, none in cluster mode. Their logins are those of
	// the nodes.
	Sentinels []string `json:"sentinels,omitempty"`
	// Primary is what the sentinels call the primary, "" in cluster mode.
	Primary string `json:"primary,omitempty"`
	// Users are the files with the logins' passwords, by login.
	Users map[string]string `json:"users"`
	// CA is a PEM file. Connections need TLS.
	CA string `json:"ca"`
}

// Names that the endpoints carry.
const (
	// Database is the portal's.
	Database = "portal"
	// Console is PgBouncer's.
	Console = "pgbouncer"
	// SentinelPrimary is what the sentinels call the primary they watch.
	SentinelPrimary = "portal"
)

// Endpoints says how the stores of these options are reached, also before they
// run. It asks nobody.
func (o StoreOptions) Endpoints() Endpoints {
	g := newGround(o)
	ca := g.certificates.authority()
	postgres := &PostgresEndpoints{
		Primary: process.Address(o.Ports[PrimaryName]), Database: Database, CA: ca,
		Users: o.users(postgresSecret, postgresUsers()...),
	}
	for i := range replicas {
		postgres.Replicas = append(postgres.Replicas, process.Address(o.Ports[ReplicaName(i+1)]))
	}
	pooler := &PgBouncerEndpoints{
		Address: process.Address(o.Ports[PoolerName]), Databases: []string{Database, Database + "_read"}, Console: Console, CA: ca,
		Users: o.users(postgresSecret, pooledUsers()...),
	}
	pooler.Users[AdminUser] = secretFile(o.Dir, poolerSecret(AdminUser))
	redis := &RedisEndpoints{CA: ca, Users: o.users(redisSecret, AdminUser, PortalUser, MonitorUser)}
	for i := range o.redisNodes() {
		redis.Addresses = append(redis.Addresses, process.Address(o.Ports[RedisName(i+1)]))
	}
	if o.Sentinel {
		redis.Primary = SentinelPrimary
		for i := range sentinels {
			redis.Sentinels = append(redis.Sentinels, process.Address(o.Ports[SentinelName(i+1)]))
		}
	}
	return Endpoints{Postgres: postgres, PgBouncer: pooler, Redis: redis}
}

// Without leaves out the kinds that [Stores] found missing.
func (e Endpoints) Without(missing map[string]string) Endpoints {
	for kind := range missing {
		switch kind {
		case PostgresKind:
			e.Postgres = nil
		case PgBouncerKind:
			e.PgBouncer = nil
		case RedisKind:
			e.Redis = nil
		}
	}
	return e
}

func (o StoreOptions) users(secret func(string) string, names ...string) map[string]string {
	files := map[string]string{}
	for _, name := range names {
		files[name] = secretFile(o.Dir, secret(name))
	}
	return files
}

func (o StoreOptions) redisNodes() int {
	if o.Sentinel {
		return sentinelTrio
	}
	return redisNodes
}
