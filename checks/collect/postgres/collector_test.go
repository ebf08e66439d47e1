package postgres_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/postgres"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/process"
)

const secret = "s3cret'\\ word"

// at is a target at an address, with a login and no TLS.
func at(t *testing.T, address, user, password string) target.Postgres {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(password+"\n"), 0o600))
	return target.Postgres{Primary: address, Database: "postgres", User: user, Password: target.Secret{File: file}, TLS: "disable"}
}

func collector(t *testing.T, where target.Postgres) *postgres.Collector {
	t.Helper()
	c, err := postgres.New(t.Context(), where)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// read asks one query with a limit.
func read(t *testing.T, c *postgres.Collector, name evidence.Name, limit time.Duration) (any, []evidence.Problem) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	readers := c.Readers()
	i := slices.IndexFunc(readers, func(r evidence.Reader) bool { return r.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	value, err := readers[i].Read(ctx)
	if err != nil {
		require.NotContains(t, err.Error(), secret)
	}
	return value, evidence.Problems(err)
}

// kinds of problem, when every reader is asked.
func requireAll(t *testing.T, c *postgres.Collector, want evidence.Kind, limit time.Duration) {
	t.Helper()
	for _, r := range c.Readers() {
		_, problems := read(t, c, r.Name, limit)
		if len(problems) == 0 { // no replicas were named, or nobody listens
			require.Contains(t, []evidence.Name{evidence.PostgresReceivers.Name(), evidence.PostgresNodes.Name()}, r.Name)
			continue
		}
		require.Equal(t, want, problems[0].Kind, "%s: %s", r.Name, problems[0].Message)
	}
}

// strange listens and does something that no PostgreSQL does.
func strange(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			do(conn)
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestStrangeServers(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("garbage", func(t *testing.T) {
		address := strange(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
		requireAll(t, collector(t, at(t, address, "monitor", secret)), evidence.Invalid, 5*time.Second)
	})
	t.Run("dropped", func(t *testing.T) {
		address := strange(t, func(net.Conn) {})
		requireAll(t, collector(t, at(t, address, "monitor", secret)), evidence.Unreachable, 5*time.Second)
	})
	t.Run("refused", func(t *testing.T) {
		port, err := process.FreePort()
		require.NoError(t, err)
		c := collector(t, at(t, process.Address(port), "monitor", secret))
		requireAll(t, c, evidence.Unreachable, 5*time.Second)
		nodes, _ := read(t, c, evidence.PostgresNodes.Name(), time.Second)
		require.True(t, nodes.([]evidence.PostgresNode)[0].Refused)
	})
	t.Run("silent", func(t *testing.T) {
		address := strange(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		c := collector(t, at(t, address, "monitor", secret))
		_, problems := read(t, c, evidence.PostgresArchiver.Name(), 200*time.Millisecond)
		require.Equal(t, evidence.TimedOut, problems[0].Kind)
		c.Close()
	})
}

func TestTargetsThatAreWrong(t *testing.T) {
	for _, where := range []target.Postgres{
		{Primary: "no-port"},
		{Primary: "a:5432", TLS: "prefer"},
		{Primary: "a:5432", Password: target.Secret{Env: "GATEHOUSE_NO_SUCH_" + rand.Text()}},
		{Primary: "a:5432", CA: "/does/not/exist"},
	} {
		_, err := postgres.New(t.Context(), where)
		require.Error(t, err)
	}
}

func TestTheEnvironmentHasNoSay(t *testing.T) {
	for _, name := range []string{"PGHOST", "PGUSER", "PGPASSWORD", "PGOPTIONS", "PGAPPNAME"} {
		t.Setenv(name, "other")
	}
	config, err := postgres.Config("a:1234", "portal", "monitor", secret, postgres.TLS{})
	require.NoError(t, err)
	require.Equal(t, []any{"a", uint16(1234), "portal", "monitor", secret}, []any{config.Host, config.Port, config.Database, config.User, config.Password})
	require.Equal(t, map[string]string{"application_name": "gatehouse"}, config.RuntimeParams)
	require.Equal(t, "a", config.TLSConfig.ServerName)
	require.False(t, config.TLSConfig.InsecureSkipVerify)
}

// super runs statements as the superuser of a server without replicas.
func super(t *testing.T, p *data.Postgres, statements ...string) {
	t.Helper()
	config, err := postgres.Config(process.Address(p.Port), "postgres", data.Superuser, p.Password, postgres.TLS{Mode: "disable"})
	require.NoError(t, err)
	conn, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func TestARealServer(t *testing.T) {
	p := datatest.Postgres(t)
	address := process.Address(p.Port)
	super(t, p, `CREATE ROLE looker LOGIN PASSWORD 's3cret''\ word' CONNECTION LIMIT 20`, `GRANT pg_monitor TO looker`)
	t.Run("leaves nothing", func(t *testing.T) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		c := collector(t, at(t, address, "looker", secret))
		for _, r := range c.Readers() {
			value, problems := read(t, c, r.Name, 5*time.Second)
			text, err := json.Marshal(value)
			require.NoError(t, err)
			require.NotContains(t, string(text), "s3cret")
			require.NotEmpty(t, r.Statement)
			if r.Name == evidence.PostgresRules.Name() {
				require.Equal(t, evidence.Denied, problems[0].Kind)
				continue
			}
			require.Empty(t, problems, r.Name)
		}
		nodes, _ := read(t, c, evidence.PostgresNodes.Name(), 5*time.Second)
		require.Equal(t, "scram-sha-256", nodes.([]evidence.PostgresNode)[0].Login)
		who, err := c.Identity(t.Context())
		require.NoError(t, err)
		require.Equal(t, "looker@"+address, who)
		c.Close()
	})
	t.Run("a wrong password is tried once", func(t *testing.T) {
		c := collector(t, at(t, address, "looker", "wrong"))
		requireAll(t, c, evidence.Denied, 5*time.Second)
	})
	t.Run("no TLS", func(t *testing.T) {
		where := at(t, address, "looker", secret)
		where.TLS = ""
		requireAll(t, collector(t, where), evidence.Unreachable, 5*time.Second)
	})
	t.Run("cancelled in the middle", func(t *testing.T) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		c := collector(t, at(t, address, "looker", secret))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := c.Readers()[0].Read(ctx)
		require.Equal(t, evidence.Cancelled, evidence.Problems(err)[0].Kind)
		_, problems := read(t, c, evidence.PostgresNodes.Name(), 5*time.Second)
		require.Empty(t, problems, "what was cancelled can be asked again")
		c.Close()
	})
	t.Run("connections used up", func(t *testing.T) {
		super(t, p, `ALTER ROLE looker CONNECTION LIMIT 0`)
		requireAll(t, collector(t, at(t, address, "looker", secret)), evidence.Throttled, 5*time.Second)
		super(t, p, `ALTER ROLE looker CONNECTION LIMIT 20`)
	})
}

func TestACluster(t *testing.T) {
	cluster := datatest.PostgresCluster(t)
	where := target.Postgres{
		Primary: cluster.PostgresEndpoints.Primary, Replicas: cluster.PostgresEndpoints.Replicas, Database: data.Database,
		User: data.MonitorUser, Password: target.Secret{File: cluster.Users[data.MonitorUser]}, CA: cluster.CA,
	}
	t.Run("lag is measured", func(t *testing.T) { lag(t, cluster, where) })
	t.Run("one node of three hangs", func(t *testing.T) { oneHangs(t, cluster, where) })
}

// lag pauses a replica's replay while something is written.
func lag(t *testing.T, cluster *datatest.Cluster, where target.Postgres) {
	c := collector(t, where)
	receiver := func() evidence.PostgresReceiver {
		value, problems := read(t, c, evidence.PostgresReceivers.Name(), 5*time.Second)
		require.Empty(t, problems)
		require.Len(t, value, 2)
		return value.([]evidence.PostgresReceiver)[0]
	}
	require.Zero(t, receiver().LagSeconds)
	cluster.Query(t, cluster.Replicas[0], "SELECT pg_wal_replay_pause()")
	cluster.Await(t, cluster.Replicas[0], "SELECT pg_get_wal_replay_pause_state()", "paused")
	cluster.Query(t, cluster.Primary, "CREATE TABLE lag (i int); INSERT INTO lag SELECT generate_series(1, 1000)")
	require.Eventually(t, func() bool {
		r := receiver()
		return r.Paused && r.LagBytes > 0 && r.LagSeconds > 0 && r.Status == "streaming"
	}, 30*time.Second, 50*time.Millisecond)
	cluster.Query(t, cluster.Replicas[0], "SELECT pg_wal_replay_resume()")
	require.Eventually(t, func() bool { return receiver().LagSeconds == 0 }, 30*time.Second, 50*time.Millisecond)
	require.False(t, receiver().Paused)
}

func oneHangs(t *testing.T, cluster *datatest.Cluster, where target.Postgres) {
	cluster.Replicas[0].Pause(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	c := collector(t, where)
	value, problems := read(t, c, evidence.PostgresNodes.Name(), 2*time.Second)
	require.Len(t, value, 2, "the others have answered")
	require.Len(t, problems, 1)
	require.Equal(t, evidence.TimedOut, problems[0].Kind)
	require.Contains(t, problems[0].Message, where.Replicas[0])
	for _, node := range value.([]evidence.PostgresNode) {
		require.Equal(t, "TLS 1.3", node.TLS)
	}
	c.Close()
	_, err := c.Identity(t.Context())
	require.Error(t, err, "closed")
	require.False(t, errors.Is(err, context.Canceled))
}
