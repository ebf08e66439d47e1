// Package keepertest gives the keeper's tests what they share: a real
// PostgreSQL with the rights that RDS gives, sample data, and a bucket.
package keepertest

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
)

// Master is the login that stands for RDS's master: it is no superuser, and may
// what rds_superuser may.
const Master = "gatehouse_admin"

// Superuser is a server's owner, which nobody has on RDS.
func Superuser(p *data.Postgres) postgres.Server {
	return postgres.Server{Host: "127.0.0.1", Port: strconv.Itoa(p.Port), User: data.Superuser, Password: p.Password, SSLMode: "disable"}
}

// Programs are the client programs of the server's own version.
func Programs(p *data.Postgres) postgres.Programs { return postgres.Programs(p.Bin) }

// Exec runs statements in a database.
func Exec(t testing.TB, s postgres.Server, database string, statements ...string) {
	t.Helper()
	conn, err := s.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// Query returns the first column of a query's rows as text.
func Query(t testing.TB, s postgres.Server, database, sql string) []string {
	t.Helper()
	conn, err := s.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), sql)
	require.NoError(t, err, sql)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, sql)
	return found
}

// MasterOf makes the master and returns the server with its login. RDS lets its
// master make extensions, which PostgreSQL leaves to superusers: here the logins'
// databases have theirs from the beginning.
func MasterOf(t testing.TB, p *data.Postgres) postgres.Server {
	t.Helper()
	super := Superuser(p)
	if len(Query(t, super, "postgres", "SELECT rolname::text FROM pg_roles WHERE rolname = '"+Master+"'")) == 0 {
		Exec(t, super, "postgres",
			"CREATE ROLE "+Master+" LOGIN CREATEROLE CREATEDB PASSWORD 'master'",
			"GRANT pg_monitor, pg_read_all_data, pg_signal_backend TO "+Master+" WITH ADMIN OPTION")
		for _, login := range postgres.Logins() {
			if login.Database != "" {
				Exec(t, super, "postgres", "CREATE DATABASE "+login.Database+" OWNER "+Master+" TEMPLATE template0 ENCODING 'UTF8'")
				Exec(t, super, login.Database, "CREATE EXTENSION pg_stat_statements")
			}
		}
	}
	return super.As(Master, "master")
}

// Passwords are passwords of all logins, new ones at every call.
func Passwords() map[string]string {
	made := map[string]string{}
	for _, login := range postgres.Logins() {
		made[login.Name] = login.Name + "-" + rand.Text()
	}
	return made
}

// Fill makes tables of many types with rows in a database.
func Fill(t testing.TB, s postgres.Server, database string, rows int) {
	t.Helper()
	Exec(t, s, database, strings.Split(fmt.Sprintf(`
CREATE TABLE plugins (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE, installed timestamptz, weight double precision, body bytea, extra jsonb)
;INSERT INTO plugins (name, installed, weight, body, extra)
 SELECT 'plugin-' || i, '2026-01-01 00:00:00+02'::timestamptz + i * interval '1 hour', i / 3.0, sha256(i::text::bytea), jsonb_build_object('n', i, 'umlaut', 'ä''"\')
 FROM generate_series(1, %d) i
;INSERT INTO plugins (name) VALUES ('nothing else')
;CREATE TABLE installations (plugin bigint REFERENCES plugins, at date, PRIMARY KEY (plugin, at))
;INSERT INTO installations SELECT id, '2026-02-03' FROM plugins WHERE id %% 2 = 0
;CREATE SCHEMA "odd schema"
;CREATE TABLE "odd schema"."odd ""table" (a int[], b interval, c numeric)
;INSERT INTO "odd schema"."odd ""table" VALUES ('{1,2}', '1 month 2 days', 1.10), (NULL, NULL, NULL)
;CREATE TABLE empty_one ()
;CREATE VIEW named AS SELECT name FROM plugins
;CREATE INDEX ON plugins (installed)
;CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2'`, rows), "\n;")...)
}
