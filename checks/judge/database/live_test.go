package database_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/pgbouncer"
	"gatehouse/checks/collect/postgres"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/database"
	"gatehouse/checks/target"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// live is a primary with two replicas and a pooler, and the stage before them.
type live struct {
	*datatest.Cluster
	pooler *datatest.Bouncer
	checkstest.Stage
	// whole is the test of all scenes: what a scene mends at its end outlives the
	// scene's own context.
	whole *testing.T
}

func TestAgainstLiveServers(t *testing.T) {
	l := start(t)
	l.Play(t, append(l.servers(), l.poolers()...)...)
}

func start(t *testing.T) live {
	t.Helper()
	cluster := datatest.PostgresCluster(t)
	l := live{Cluster: cluster, pooler: datatest.PgBouncer(t, cluster), whole: t}
	// The one view that takes more than pg_monitor.
	l.Query(t, l.Primary, "GRANT SELECT ON pg_hba_file_rules TO monitor; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO monitor")
	l.Archive(t)
	l.Stage = checkstest.Stage{Checkers: database.Checkers(), Thresholds: thresholds(t), Readers: l.readers, Limit: 3 * time.Second}
	return l
}

// thresholds are the checklist's, but for waits that a test need not sit out.
func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{
		"replicas": 2, "idleTransaction": "500ms", "countPlugins": "2s", "poolWait": "500ms",
	}, "version", "replicaLag", "archiveAge", "archiveWaiting", "slowStatement", "tables", "rowsWithoutStatistics", "connectionsPercent",
		"longestStatement", "transactionAge", "migrationJournals", "superusers", "postgresTLS", "poolMode", "poolers",
		"clientsPercent", "poolerAuthentication", "poolerTLS")
}

func (l live) readers(t *testing.T) []evidence.Reader {
	t.Helper()
	servers, err := postgres.New(t.Context(), target.Postgres{
		Primary: l.PostgresEndpoints.Primary, Replicas: l.PostgresEndpoints.Replicas, Database: data.Database,
		User: data.MonitorUser, Password: target.Secret{File: l.Users[data.MonitorUser]}, CA: l.CA,
	})
	require.NoError(t, err)
	t.Cleanup(servers.Close)
	pooler, err := pgbouncer.New(t.Context(), target.PgBouncer{
		Address: l.pooler.Address, User: data.MonitorUser, Password: target.Secret{File: l.pooler.Users[data.MonitorUser]}, CA: l.pooler.CA,
	})
	require.NoError(t, err)
	t.Cleanup(pooler.Close)
	return append(servers.Readers(), pooler.Readers()...)
}

// sql breaks something in the portal's database with one statement, and mends
// it with another.
func (l live) sql(broken, mend string) func(*testing.T) {
	return func(t *testing.T) {
		l.Query(t, l.Primary, broken)
		t.Cleanup(func() { l.Query(t, l.Primary, mend) })
	}
}

// set changes a setting of the primary.
func (l live) set(name, value string) func(*testing.T) {
	return func(t *testing.T) {
		before := l.Value(t, l.Primary, "SHOW "+name)
		l.Query(t, l.Primary, "ALTER SYSTEM SET "+name+" = '"+value+"'")
		l.Query(t, l.Primary, "SELECT pg_reload_conf()")
		l.Await(t, l.Primary, "SHOW "+name, value)
		t.Cleanup(func() {
			l.Query(t, l.Primary, "ALTER SYSTEM RESET "+name)
			l.Query(t, l.Primary, "SELECT pg_reload_conf()")
			l.Await(t, l.Primary, "SHOW "+name, before)
		})
	}
}

// raise asks for more than this machine can be made to have.
func (l live) raise(name string, value any) func(*testing.T) {
	return func(t *testing.T) {
		before := l.Thresholds[name]
		l.Thresholds[name] = value
		t.Cleanup(func() { l.Thresholds[name] = before })
	}
}

func (l live) hang(t *testing.T) {
	l.Primary.Pause(t)
	t.Cleanup(func() { l.Primary.Resume(t) })
}

const streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"

func (l live) stopReplica(t *testing.T) {
	l.Replicas[1].Stop(t)
	t.Cleanup(func() {
		l.Replicas[1].Start(l.whole)
		l.Await(t, l.Primary, streaming, "2")
	})
	l.Await(t, l.Primary, streaming, "1")
}

// servers are the scenes of PostgreSQL.
func (l live) servers() []checkstest.Scene {
	noLogin := l.sql("ALTER ROLE monitor NOLOGIN", "ALTER ROLE monitor LOGIN")
	noMonitor := l.sql("REVOKE pg_monitor FROM monitor", "GRANT pg_monitor TO monitor")
	const loggedOut, unseen = "not permitted to log in", "grant member of pg_monitor"
	return []checkstest.Scene{
		// There is only one version here: what is asked for grows instead.
		{Checker: "postgres-version", Break: l.raise("version", 99), Found: "it runs version 15", Blind: noLogin, Why: loggedOut},
		{Checker: "postgres-reachable", Break: l.stopReplica, Found: "refuses connections", Blind: l.hang, Why: "no answer within"},
		{Checker: "postgres-replicas-stream", Break: l.stopReplica, Found: "1 of 2 replicas stream", Blind: noMonitor, Why: unseen},
		{Checker: "postgres-replica-lag", Break: l.pauseReplay, Found: "its replay is paused", Blind: noMonitor, Why: unseen},
		{Checker: "postgres-archiving", Break: func(t *testing.T) { l.BreakArchiving(t) }, Found: "archiving fails", Blind: l.hang, Why: "no answer within"},
		{
			Checker: "postgres-monitoring", Break: l.sql("DROP EXTENSION pg_stat_statements", "CREATE EXTENSION pg_stat_statements"), Found: "no extension pg_stat_statements",
			Blind: noMonitor, Why: "hides settings",
		},
		{Checker: "postgres-connections", Break: l.crowd, Found: "connections are used", Blind: noMonitor, Why: unseen},
		{Checker: "postgres-sessions", Break: l.idle, Found: "a transaction has been idle", Blind: noMonitor, Why: unseen},
		// A thousand million transactions take too long: less is allowed instead.
		{Checker: "postgres-wraparound", Break: l.raise("transactionAge", 1), Found: "its age is", Blind: noLogin, Why: loggedOut},
		{
			Checker: "postgres-indexes", Found: "plugins_pkey: it is invalid",
			Break: l.sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'plugins_pkey'::regclass",
				"UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'plugins_pkey'::regclass"),
			Blind: noLogin, Why: loggedOut,
		},
		{
			Checker: "postgres-table-statistics", Break: l.sql("ALTER TABLE workflows RENAME TO moved", "ALTER TABLE moved RENAME TO workflows"),
			Found: "table workflows: it is not", Blind: noLogin, Why: loggedOut,
		},
		{
			Checker: "postgres-count-plugins", Break: l.sql("ALTER TABLE plugins RENAME TO moved", "ALTER TABLE moved RENAME TO plugins"),
			Found: "no table plugins", Blind: l.sql("REVOKE SELECT ON plugins FROM monitor", "GRANT SELECT ON plugins TO monitor"), Why: "grant SELECT on plugins",
		},
		{
			Checker: "postgres-passwords", Break: l.trust, Found: "lets in by trust",
			Blind: l.sql("REVOKE SELECT ON pg_hba_file_rules FROM monitor", "GRANT SELECT ON pg_hba_file_rules TO monitor"), Why: "grant SELECT on pg_hba_file_rules",
		},
		{
			Checker: "postgres-superusers", Break: l.sql("ALTER ROLE portal SUPERUSER", "ALTER ROLE portal NOSUPERUSER"), Found: "login portal: it is a superuser",
			Blind: noLogin, Why: loggedOut,
		},
		{Checker: "postgres-tls", Break: l.set("ssl_min_protocol_version", "TLSv1"), Found: "ssl_min_protocol_version is TLSv1", Blind: noMonitor, Why: "hides settings"},
		{
			Checker: "migrations-applied", Found: "its lock is held",
			Break: l.sql("UPDATE knex_migrations_lock SET is_locked = 1", "UPDATE knex_migrations_lock SET is_locked = 0"),
			Blind: l.sql("REVOKE SELECT ON knex_migrations FROM monitor", "GRANT SELECT ON knex_migrations TO monitor"), Why: "database portal: ",
		},
	}
}

func (l live) pauseReplay(t *testing.T) {
	l.Query(t, l.Replicas[0], "SELECT pg_wal_replay_pause()")
	t.Cleanup(func() { l.Query(t, l.Replicas[0], "SELECT pg_wal_replay_resume()") })
	l.Await(t, l.Replicas[0], "SELECT pg_get_wal_replay_pause_state()", "paused")
}

// crowd takes most of the connections.
func (l live) crowd(t *testing.T) {
	for range 80 {
		l.Connect(t, l.Primary, data.PortalUser, data.Database)
	}
}

// idle begins a transaction and forgets it.
func (l live) idle(t *testing.T) {
	conn := l.Connect(t, l.Primary, data.PortalUser, data.Database)
	_, err := conn.Exec(t.Context(), "BEGIN")
	require.NoError(t, err)
	l.Await(t, l.Primary, "SELECT bool_or(clock_timestamp() - state_change > '600ms') FROM pg_stat_activity WHERE state LIKE 'idle in%'", "t")
}

// trust lets somebody in without a password.
func (l live) trust(t *testing.T) {
	path := l.Value(t, l.Primary, "SHOW hba_file")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(before, "host all nobody 127.0.0.1/32 trust\n"...), 0o600))
	t.Cleanup(func() { require.NoError(t, os.WriteFile(path, before, 0o600)) })
}
