package datatest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
)

// Bouncer is a PgBouncer before the primary of a cluster.
type Bouncer struct {
	data.PgBouncerEndpoints
	Server  *Server
	options data.StoreOptions
}

// PgBouncer starts a pooler before the primary of a cluster, as the sandbox has
// it. It skips the test where PgBouncer is not installed.
func PgBouncer(t testing.TB, cluster *Cluster) *Bouncer {
	t.Helper()
	return newBouncer(t, cluster.options, startAll(t, cluster.options, data.PoolerServers))
}

func newBouncer(t testing.TB, o data.StoreOptions, servers []*Server) *Bouncer {
	t.Helper()
	return &Bouncer{PgBouncerEndpoints: *o.Endpoints().PgBouncer, Server: named(t, servers, data.PoolerName), options: o}
}

// Password of a login.
func (b *Bouncer) Password(t testing.TB, user string) string {
	t.Helper()
	return secret(t, b.Users[user])
}

// Connect opens a connection of a login to a pool, or to the console, in the
// simple protocol and with TLS. The end of the test closes it.
func (b *Bouncer) Connect(t testing.TB, user, database string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig("host=127.0.0.1 sslmode=verify-full sslrootcert=" + b.CA)
	require.NoError(t, err)
	config.Port, config.User, config.Database = uint16(b.options.Ports[b.Server.Name]), user, database
	config.Password = b.Password(t, user)
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Command runs a command of the console as its administrator: "PAUSE",
// "SET pool_mode = 'session'".
func (b *Bouncer) Command(t testing.TB, command string) {
	t.Helper()
	conn := b.Connect(t, data.AdminUser, data.Console)
	_, err := conn.PgConn().Exec(t.Context(), command).ReadAll()
	require.NoError(t, err, command)
	require.NoError(t, conn.Close(t.Context()))
}
