package database_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/sandbox/data"
)

// poolers are the scenes of PgBouncer.
func (l live) poolers() []checkstest.Scene {
	hang := func(t *testing.T) {
		l.pooler.Server.Pause(t)
		t.Cleanup(func() { l.pooler.Server.Resume(t) })
	}
	noStats := l.pool("stats_users", "''", "'monitor'")
	const late, refused = "no answer within", "grant name in stats_users"
	return []checkstest.Scene{
		{Checker: "pgbouncer-pool-mode", Break: l.pool("pool_mode", "'session'", "'transaction'"), Found: "pool_mode is session", Blind: noStats, Why: refused},
		{Checker: "pgbouncer-pool-sizes", Break: func(t *testing.T) {
			l.pool("max_user_connections", "0", "60")(t)
			l.pool("default_pool_size", "200", "20")(t)
		}, Found: "PostgreSQL takes 97", Blind: noStats, Why: refused},
		{Checker: "pgbouncer-queue", Break: l.queue, Found: "1 clients wait", Blind: hang, Why: late},
		{Checker: "pgbouncer-authentication", Break: l.pool("auth_type", "'trust'", "'scram-sha-256'"), Found: "auth_type is trust", Blind: noStats, Why: refused},
		{Checker: "pgbouncer-server-tls", Break: l.pool("server_tls_sslmode", "'prefer'", "'verify-full'"), Found: "server_tls_sslmode is prefer", Blind: noStats, Why: refused},
	}
}

// pool changes a setting of the pooler.
func (l live) pool(name, value, before string) func(*testing.T) {
	return func(t *testing.T) {
		l.pooler.Command(t, "SET "+name+" = "+value)
		t.Cleanup(func() { l.command(t, "SET "+name+" = "+before) })
	}
}

// command is the pooler's own, also at the end of a test.
func (l live) command(t *testing.T, command string) {
	config, err := pgx.ParseConfig("host=127.0.0.1 sslmode=verify-full sslrootcert=" + l.pooler.CA)
	require.NoError(t, err)
	address, err := pgx.ParseConfig("postgres://" + l.pooler.Address)
	require.NoError(t, err)
	config.Port, config.User, config.Database, config.Password = address.Port, data.AdminUser, data.Console, l.pooler.Password(t, data.AdminUser)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.PgConn().Exec(ctx, command).ReadAll()
	require.NoError(t, err, command)
}

// queue has one client hold the only connection and another wait for it.
func (l live) queue(t *testing.T) {
	l.pool("default_pool_size", "1", "20")(t)
	l.pool("reserve_pool_size", "0", "5")(t)
	first := l.pooler.Connect(t, data.PortalUser, data.Database)
	_, err := first.Exec(t.Context(), "BEGIN")
	require.NoError(t, err)
	second := l.pooler.Connect(t, data.PortalUser, data.Database)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = second.Exec(ctx, "SELECT 1")
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		_ = first.Close(context.Background())
	})
	require.Eventually(t, func() bool {
		j := l.Judge(t, "pgbouncer-queue")
		return len(j.Failures) > 0
	}, 20*time.Second, 100*time.Millisecond)
}
