package pooler

import (
	"fmt"
	"net"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ini is pgbouncer.ini, once the addresses of the database are known.
func (a Args) ini() pulumi.StringOutput {
	readers := a.Readers
	if readers == nil {
		readers = pulumi.StringArray{}
	}
	return pulumi.All(a.Primary, readers).ApplyT(func(known []any) (string, error) {
		return render(settings{
			primary: known[0].(string), readers: known[1].([]string), database: a.Database, pool: a.Pool,
			port: Port, ca: CAFile, users: usersPath + "/userlist.txt", sockets: socketPath,
		})
	}).(pulumi.StringOutput)
}

// settings are what pgbouncer.ini depends on.
type settings struct {
	primary  string   // host:port
	readers  []string // host:port each, on one port
	database string
	pool     Pool
	port     int
	// ca, users and sockets are the CA bundle, the file of logins and the
	// folder of the console's socket.
	ca, users, sockets string
}

// render writes pgbouncer.ini (PgBouncer, "pgbouncer.ini"). There is nothing
// secret in it.
func render(s settings) (string, error) {
	host, port, err := net.SplitHostPort(s.primary)
	if err != nil {
		return "", fmt.Errorf("read the primary's address: %w", err)
	}
	readHosts, readPort, err := together(s.readers)
	if err != nil {
		return "", err
	}
	if readHosts == "" {
		readHosts, readPort = host, port
	}
	var b strings.Builder
	section := func(name string) { fmt.Fprintf(&b, "[%s]\n", name) }
	line := func(name string, value any) { fmt.Fprintf(&b, "%s = %v\n", name, value) }

	section("databases")
	line(s.database, fmt.Sprintf("host=%s port=%s", host, port))
	// Connections to several hosts are made in turn.
	line(s.database+"_read", fmt.Sprintf("host=%s port=%s dbname=%s", readHosts, readPort, s.database))
	// Backstage has a database a plugin and makes them itself. PostgreSQL still
	// says who may connect to which.
	line("*", fmt.Sprintf("host=%s port=%s pool_size=%d", host, port, s.pool.perPlugin()))

	section("pgbouncer")
	line("listen_addr", "*")
	line("listen_port", s.port)
	line("unix_socket_dir", s.sockets)
	line("auth_type", "scram-sha-256")
	line("auth_file", s.users)
	// Commands of the console are for the pod's own socket. Over the network, one
	// login may look: SHOW, and nothing that changes anything.
	line("admin_users", "")
	line("stats_users", Monitor)
	// Between the pods the mesh encrypts; to RDS, PgBouncer itself does, and
	// asks whether it is the host that it should be.
	line("client_tls_sslmode", "disable")
	line("server_tls_sslmode", "verify-full")
	line("server_tls_ca_file", s.ca)
	line("server_tls_protocols", "secure")

	line("pool_mode", s.pool.Mode)
	line("max_client_conn", s.pool.MaxClients)
	line("default_pool_size", s.pool.Size)
	line("reserve_pool_size", s.pool.Reserve)
	line("reserve_pool_timeout", 3)
	line("max_user_connections", s.pool.PerLogin())
	if s.pool.Mode != Statement {
		// Without it a statement prepared on one connection is not there on
		// the next.
		line("max_prepared_statements", 200)
	}
	// Replicas share the reads: the connection that rested longest goes next.
	line("server_round_robin", 1)
	line("server_idle_timeout", 120)
	line("server_lifetime", 3600)
	// A failover changes what the name means; RDS says so within 5 seconds.
	line("dns_max_ttl", 5)
	line("server_connect_timeout", 5)
	line("query_wait_timeout", 30)
	line("idle_transaction_timeout", 300)
	line("tcp_keepidle", 60)
	// What Go's and Java's drivers send and nobody needs.
	line("ignore_startup_parameters", "extra_float_digits")
	// Probes and pools would be most of the log.
	line("log_connections", 0)
	line("log_disconnections", 0)
	return b.String(), nil
}

// together makes one list of hosts of addresses on the same port.
func together(addresses []string) (hosts, port string, err error) {
	var names []string
	for _, address := range addresses {
		host, at, err := net.SplitHostPort(address)
		if err != nil {
			return "", "", fmt.Errorf("read a replica's address: %w", err)
		}
		if port != "" && at != port {
			return "", "", fmt.Errorf("put all replicas on one port: PgBouncer takes one for all hosts, not %s and %s", port, at)
		}
		names, port = append(names, host), at
	}
	return strings.Join(names, ","), port, nil
}
