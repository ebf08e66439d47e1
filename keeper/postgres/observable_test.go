package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

const extensions = `SELECT extname::text FROM pg_extension WHERE extname = 'pg_stat_statements'`

func TestMonitorReadsWhatChecksNeedAndNoMore(t *testing.T) {
	_, master, passwords := ensured(t)
	as := func(login string) postgres.Server { return master.As(login, passwords[login]) }
	const migrations = "CREATE TABLE knex_migrations (id serial, name text); CREATE TABLE knex_migrations_lock (is_locked int)"
	keepertest.Exec(t, as("portal"), "portal", migrations, "CREATE TABLE plugins AS SELECT 1 AS id", "CREATE TABLE sessions AS SELECT 'hush' AS token")
	keepertest.Exec(t, as("backstage"), "postgres", "CREATE DATABASE backstage_plugin_catalog")
	keepertest.Exec(t, as("backstage"), "backstage_plugin_catalog",
		migrations, "CREATE TABLE entities ()",
		`CREATE SCHEMA "odd schema"`, `CREATE TABLE "odd schema"."task's_knex_migrations" (id int)`)
	denied := func(database, sql string) {
		t.Helper()
		conn, err := as("monitor").Connect(t.Context(), database)
		require.NoError(t, err)
		defer func() { _ = conn.Close(t.Context()) }()
		_, err = conn.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
	denied("portal", "SELECT * FROM knex_migrations")
	for range 2 { // what is granted already is not granted again
		_, err := master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(7))
		require.NoError(t, err)
	}
	for database, tables := range map[string][]string{
		"portal":                   {"knex_migrations", "knex_migrations_lock", "plugins"},
		"backstage_plugin_catalog": {"knex_migrations", "knex_migrations_lock", `"odd schema"."task's_knex_migrations"`},
	} {
		for _, table := range tables {
			keepertest.Exec(t, as("monitor"), database, "SELECT count(*) FROM "+table)
			denied(database, "SET transaction_read_only = off; DELETE FROM "+table)
		}
	}
	denied("portal", "SELECT * FROM sessions")
	denied("backstage_plugin_catalog", "SELECT * FROM entities")
}

// Only PostgreSQL's superusers may make the extension, and RDS's master. This one
// stands for the latter.
func TestDatabasesHaveStatisticsOfStatements(t *testing.T) {
	p, _ := datatest.OwnPostgres(t, data.Options{Settings: map[string]string{"shared_preload_libraries": "pg_stat_statements"}})
	super, passwords := keepertest.Superuser(p), keepertest.Passwords()
	for range 2 {
		_, err := super.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(3))
		require.NoError(t, err)
	}
	for _, database := range []string{"portal", "backstage"} {
		require.Equal(t, []string{"pg_stat_statements"}, keepertest.Query(t, super, database, extensions))
		keepertest.Exec(t, super.As("monitor", passwords["monitor"]), database, "SELECT query FROM pg_stat_statements")
	}

	// It is in no way of a dump: neither of a drill nor of a recovery.
	keepertest.Exec(t, super, "portal", "GRANT SELECT ON pg_stat_statements TO backup", "GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO backup",
		"CREATE TABLE kept AS SELECT 1 AS id")
	content, inventory := dumped(t, p, super.As("backup", passwords["backup"]), "portal")
	for login, owners := range map[string]bool{"drill": false, data.Superuser: true} {
		s := super
		if login == "drill" {
			s = super.As(login, passwords[login])
		}
		require.NoError(t, s.InScratch(t.Context(), plain, time.Now(), fixed(1), func(into string) error {
			require.NoError(t, keepertest.Programs(p).Restore(t.Context(), s, into, strings.NewReader(string(content)), owners), login)
			require.Empty(t, keepertest.Query(t, super, into, extensions))
			got, err := s.InventoryOf(t.Context(), into)
			require.NoError(t, err)
			require.Empty(t, inventory.Differences(got))
			return nil
		}))
	}
}

func TestLoginsWorkEvenWithoutTheExtension(t *testing.T) {
	p, _ := datatest.OwnPostgres(t, data.Options{})
	master, passwords := keepertest.MasterOf(t, p), keepertest.Passwords()
	super := keepertest.Superuser(p)
	keepertest.Exec(t, super, "portal", "DROP EXTENSION pg_stat_statements")
	keepertest.Exec(t, super, "postgres", "DROP DATABASE backstage")
	done, err := master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(3))
	require.ErrorContains(t, err, "make the extension pg_stat_statements: permission denied")
	require.Len(t, done, len(postgres.Logins()))
	for _, login := range postgres.Logins() {
		keepertest.Exec(t, master.As(login.Name, passwords[login.Name]), "postgres", "SELECT 1")
	}
	keepertest.Exec(t, master.As("backstage", passwords["backstage"]), "backstage", "CREATE TABLE t ()")
}
