package pgbouncer_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/pgbouncer"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/process"
)

// all asks every reader and returns values and problems by query.
func all(t *testing.T, c *pgbouncer.Collector, limit time.Duration) (map[evidence.Name]any, map[evidence.Name][]evidence.Problem) {
	t.Helper()
	values, problems := map[evidence.Name]any{}, map[evidence.Name][]evidence.Problem{}
	for _, r := range c.Readers() {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		value, err := r.Read(ctx)
		cancel()
		values[r.Name] = value
		if err != nil {
			problems[r.Name] = evidence.Problems(err)
		}
	}
	return values, problems
}

func requireAll(t *testing.T, where target.PgBouncer, want evidence.Kind) {
	t.Helper()
	c, err := pgbouncer.New(t.Context(), where)
	require.NoError(t, err)
	defer c.Close()
	_, problems := all(t, c, 500*time.Millisecond)
	require.Len(t, problems, len(c.Readers()))
	for name, of := range problems {
		require.Equal(t, want, of[0].Kind, "%s: %s", name, of[0].Message)
		require.NotContains(t, of[0].Message, "s3cret")
	}
}

func TestStrangeConsoles(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("s3cret"), 0o600))
	for name, c := range map[string]struct {
		do   func(net.Conn)
		want evidence.Kind
	}{
		"garbage": {func(c net.Conn) {
			_, _ = c.Write([]byte("-ERR what?\r\n"))
			_, _ = c.Read(make([]byte, 1<<10))
		}, evidence.Invalid},
		"dropped": {func(net.Conn) {}, evidence.Unreachable},
		"silent":  {func(c net.Conn) { _, _ = c.Read(make([]byte, 1<<10)); _, _ = c.Read(make([]byte, 1)) }, evidence.TimedOut},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
					c.do(conn)
					_ = conn.Close()
				}
			}()
			requireAll(t, target.PgBouncer{Address: listener.Addr().String(), User: "monitor", Password: target.Secret{File: file}, TLS: "disable"}, c.want)
			require.NoError(t, listener.Close())
			<-done
		})
	}
	port, err := process.FreePort()
	require.NoError(t, err)
	requireAll(t, target.PgBouncer{Address: process.Address(port), User: "monitor", TLS: "disable"}, evidence.Unreachable)
}

func TestARealConsole(t *testing.T) {
	pooler := datatest.PgBouncer(t, datatest.PostgresCluster(t))
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	where := target.PgBouncer{Address: pooler.Address, User: data.MonitorUser, Password: target.Secret{File: pooler.Users[data.MonitorUser]}, CA: pooler.CA}
	c, err := pgbouncer.New(t.Context(), where)
	require.NoError(t, err)
	values, problems := all(t, c, 5*time.Second)
	require.Empty(t, problems)
	config := values[evidence.PgBouncerConfig.Name()].(evidence.PgBouncerSettings)
	require.Equal(t, "transaction", config.PoolMode)
	require.Equal(t, "scram-sha-256", config.AuthType)
	require.Equal(t, "verify-full", config.ServerTLS)
	require.Equal(t, []int{20, 5, 500, 60}, []int{config.PoolSize, config.ReserveSize, config.MaxClients, config.MaxPerUser})
	require.NotEmpty(t, config.Version)
	databases := values[evidence.PgBouncerDatabases.Name()].([]evidence.PgBouncerDatabase)
	require.NotEmpty(t, databases)
	for _, database := range databases {
		require.NotEqual(t, "pgbouncer", database.Name)
		require.Positive(t, database.PoolSize, database.Name)
		require.False(t, database.Paused || database.Disabled)
	}
	require.Equal(t, 500, values[evidence.PgBouncerClients.Name()].(evidence.PgBouncerUse).Limit)
	who, err := c.Identity(t.Context())
	require.NoError(t, err)
	require.Equal(t, "monitor@"+pooler.Address, who)
	c.Close()

	// A login of the databases is none of the console.
	where.User, where.Password = data.PortalUser, target.Secret{File: pooler.Users[data.PortalUser]}
	requireAll(t, where, evidence.Denied)
	where.Password = target.Secret{File: pooler.Users[data.MonitorUser]}
	requireAll(t, where, evidence.Denied)
}
