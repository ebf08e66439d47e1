package datatest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
)

// Cluster is a PostgreSQL primary, which archives its log, and replicas.
type Cluster struct {
	data.PostgresEndpoints
	Primary  *Server
	Replicas []*Server
	options  data.StoreOptions
}

// PostgresCluster starts a primary with two replicas, as the sandbox has them.
// It skips the test in short mode, and where PostgreSQL is not installed.
func PostgresCluster(t testing.TB) *Cluster {
	t.Helper()
	o := options(t, false)
	return newCluster(t, o, startAll(t, o, data.PostgresServers))
}

func newCluster(t testing.TB, o data.StoreOptions, servers []*Server) *Cluster {
	t.Helper()
	return &Cluster{
		PostgresEndpoints: *o.Endpoints().Postgres, Primary: named(t, servers, data.PrimaryName),
		Replicas: []*Server{named(t, servers, data.ReplicaName(1)), named(t, servers, data.ReplicaName(2))}, options: o,
	}
}

// Password of a login, such as [data.MonitorUser].
func (c *Cluster) Password(t testing.TB, user string) string {
	t.Helper()
	return secret(t, c.Users[user])
}

// Connect opens a connection to a server as a login, with TLS. The end of the
// test closes it.
func (c *Cluster) Connect(t testing.TB, server *Server, user, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), c.config(t, server, user, database))
	require.NoError(t, err, server.Name)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func (c *Cluster) config(t testing.TB, server *Server, user, database string) *pgx.ConnConfig {
	t.Helper()
	config, err := pgx.ParseConfig("host=127.0.0.1 sslmode=verify-full sslrootcert=" + c.CA)
	require.NoError(t, err)
	config.Port, config.User, config.Database = uint16(c.options.Ports[server.Name]), user, database
	config.Password = c.Password(t, user)
	return config
}

// Query runs statements on a server as the superuser, in the portal's database,
// and returns the rows of the last one as text.
func (c *Cluster) Query(t testing.TB, server *Server, statements string) [][]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second) // also in t.Cleanup
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, c.config(t, server, data.Superuser, data.Database))
	require.NoError(t, err, server.Name)
	defer func() { _ = conn.Close(ctx) }()
	results, err := conn.PgConn().Exec(ctx, statements).ReadAll()
	require.NoError(t, err, "%s: %s", server.Name, statements)
	if len(results) == 0 {
		return nil
	}
	var rows [][]string
	for _, row := range results[len(results)-1].Rows {
		var values []string
		for _, value := range row {
			values = append(values, string(value))
		}
		rows = append(rows, values)
	}
	return rows
}

// Value is the one value that a query answers on a server.
func (c *Cluster) Value(t testing.TB, server *Server, query string) string {
	t.Helper()
	rows := c.Query(t, server, query)
	require.NotEmpty(t, rows, query)
	return rows[len(rows)-1][0]
}

// Await waits until a query answers want on a server.
func (c *Cluster) Await(t testing.TB, server *Server, query, want string) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(readyLimit); ; time.Sleep(20 * time.Millisecond) {
		if last = c.Value(t, server, query); last == want {
			return
		}
		require.False(t, time.Now().After(deadline), "%s answers %q, not %q, to %s", server.Name, last, want, query)
	}
}

// BreakArchiving makes every file of the log fail to be archived until mend is
// called or the test ends. It returns when PostgreSQL has seen one fail.
func (c *Cluster) BreakArchiving(t testing.TB) (mend func()) {
	t.Helper()
	failed := c.Value(t, c.Primary, "SELECT failed_count FROM pg_stat_archiver")
	c.Query(t, c.Primary, "ALTER SYSTEM SET archive_command = 'false'")
	c.Query(t, c.Primary, "SELECT pg_reload_conf()")
	mended := false
	mend = func() {
		if mended || !c.Primary.Running() {
			return
		}
		mended = true
		c.Query(t, c.Primary, "ALTER SYSTEM RESET archive_command")
		c.Query(t, c.Primary, "SELECT pg_reload_conf()")
		c.Archive(t)
	}
	t.Cleanup(mend)
	c.switchLog(t)
	c.Await(t, c.Primary, "SELECT failed_count > "+failed+" AND last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver", "t")
	return mend
}

// Archive closes the log's current file and waits until one is archived.
func (c *Cluster) Archive(t testing.TB) {
	t.Helper()
	before := c.Value(t, c.Primary, "SELECT archived_count FROM pg_stat_archiver")
	c.switchLog(t)
	c.Await(t, c.Primary, "SELECT archived_count > "+before+" AND last_archived_time > coalesce(last_failed_time, '-infinity') FROM pg_stat_archiver", "t")
}

func (c *Cluster) switchLog(t testing.TB) {
	t.Helper()
	c.Query(t, c.Primary, "SELECT pg_create_restore_point('test'), pg_switch_wal()")
}

// Archived are the names of the files in the archive.
func (c *Cluster) Archived(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(c.ArchiveDir())
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// ArchiveDir is the folder of the archive.
func (c *Cluster) ArchiveDir() string { return filepath.Join(c.Folder(c.Primary), "archive") }

// Folder holds the files of a server.
func (c *Cluster) Folder(server *Server) string { return filepath.Join(c.options.Dir, server.Name) }
