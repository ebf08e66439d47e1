package data

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"gatehouse/sandbox/process"
)

// bouncer is PgBouncer before the primary.
type bouncer struct {
	ground
	owner owner
}

// PoolerServers is PgBouncer before the primary, set up as components/pooler
// does, and with a console. Errors wrap [ErrNotInstalled].
func PoolerServers(o StoreOptions) ([]Server, error) {
	program, err := findProgram("pgbouncer", "pgbouncer")
	if err != nil {
		return nil, err
	}
	if _, err := FindPostgres(); err != nil {
		return nil, err
	}
	owner, err := findOwner()
	if err != nil {
		return nil, err
	}
	b := bouncer{ground: newGround(o), owner: owner}
	return []Server{{
		Name: PoolerName, After: []string{PrimaryName}, Port: PoolerName, Prepare: b.prepare, Healthy: b.healthy,
		Command: owner.runInside(process.Command{
			Path: program, Args: []string{b.file("pgbouncer.ini")}, Log: b.log(PoolerName),
			Env: []string{"GATEHOUSE_SETTINGS=" + hash(b.settings())},
		}),
	}}, nil
}

func (b bouncer) file(name string) string { return b.folder(PoolerName) + "/" + name }

// pooledUsers are the logins that PgBouncer lets in.
func pooledUsers() []string { return []string{BackstageUser, PortalUser, MonitorUser} }

// settings are pgbouncer.ini. PgBouncer 1.18, Debian's, knows all of it.
func (b bouncer) settings() string {
	var text strings.Builder
	section := func(name string) { fmt.Fprintf(&text, "[%s]\n", name) }
	line := func(name string, value any) { fmt.Fprintf(&text, "%s = %v\n", name, value) }
	section("databases")
	line(Database, fmt.Sprintf("host=%s port=%d", process.Loopback, b.Ports[PrimaryName]))
	line(Database+"_read", fmt.Sprintf("host=%s port=%d dbname=%s", process.Loopback, b.Ports[ReplicaName(1)], Database))
	line("*", fmt.Sprintf("host=%s port=%d pool_size=5", process.Loopback, b.Ports[PrimaryName]))
	section("pgbouncer")
	line("listen_addr", process.Loopback)
	line("listen_port", b.Ports[PoolerName])
	line("unix_socket_dir", "")
	line("auth_type", "scram-sha-256")
	line("auth_file", b.file("userlist.txt"))
	line("admin_users", AdminUser)
	line("stats_users", MonitorUser)
	line("client_tls_sslmode", "allow")
	line("client_tls_cert_file", b.file("server.crt"))
	line("client_tls_key_file", b.file("server.key"))
	line("server_tls_sslmode", "verify-full")
	line("server_tls_ca_file", b.file("ca.crt"))
	line("server_tls_protocols", "secure")
	line("pool_mode", "transaction")
	line("max_client_conn", 500)
	line("default_pool_size", 20)
	line("reserve_pool_size", 5)
	line("reserve_pool_timeout", 3)
	line("max_user_connections", 60)
	line("server_round_robin", 1)
	line("server_idle_timeout", 120)
	line("server_lifetime", 3600)
	line("server_connect_timeout", 5)
	line("server_login_retry", 1)
	line("query_wait_timeout", 30)
	line("idle_transaction_timeout", 300)
	line("ignore_startup_parameters", "extra_float_digits")
	line("log_connections", 0)
	line("log_disconnections", 0)
	return text.String()
}

func (b bouncer) prepare(context.Context) error {
	secrets := append(postgresSecrets(), poolerSecret(AdminUser))
	if err := b.ground.prepare(secrets...); err != nil {
		return err
	}
	if err := os.MkdirAll(b.folder(PoolerName), 0o700); err != nil {
		return fmt.Errorf("prepare PgBouncer: %w", err)
	}
	var users strings.Builder
	logins := map[string]string{AdminUser: poolerSecret(AdminUser)}
	for _, user := range pooledUsers() {
		logins[user] = postgresSecret(user)
	}
	for user, secret := range logins {
		password, err := readSecret(b.Dir, secret)
		if err != nil {
			return err
		}
		fmt.Fprintf(&users, "%q %q\n", user, password)
	}
	failed := []error{
		b.owner.give(b.folder(PoolerName)),
		writeFile(b.file("userlist.txt"), users.String()), writeFile(b.file("pgbouncer.ini"), b.settings()),
		b.owner.give(b.file("userlist.txt"), b.file("pgbouncer.ini")),
	}
	for name, from := range map[string]string{
		"ca.crt": b.certificates.authority(), "server.crt": b.certificates.server(), "server.key": b.certificates.key(),
	} {
		text, err := os.ReadFile(from)
		failed = append(failed, err, writeFile(b.file(name), string(text)), b.owner.give(b.file(name)))
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("prepare PgBouncer: %w", err)
	}
	return nil
}

// healthy asks the primary through the pool.
func (b bouncer) healthy(ctx context.Context) error {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return fmt.Errorf("connect to PgBouncer: %w", err)
	}
	config.Host, config.Port, config.Database, config.User = process.Loopback, uint16(b.Ports[PoolerName]), Database, MonitorUser
	config.Fallbacks = nil
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	if config.TLSConfig, err = b.certificates.client(); err != nil {
		return err
	}
	if config.Password, err = readSecret(b.Dir, postgresSecret(MonitorUser)); err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("PgBouncer: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("PgBouncer: %w", err)
	}
	return nil
}
