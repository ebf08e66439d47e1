package postgres_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// ensured is a server of the test's own on which the master has made the logins.
func ensured(t *testing.T) (p *data.Postgres, master postgres.Server, passwords map[string]string) {
	t.Helper()
	p, _ = datatest.OwnPostgres(t, data.Options{Settings: map[string]string{
		"log_statement": "all", "log_min_duration_statement": "0", "track_activities": "on",
	}})
	master = keepertest.MasterOf(t, p)
	passwords = keepertest.Passwords()
	done, err := master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(5))
	require.NoError(t, err)
	require.Len(t, done, len(postgres.Logins()))
	for _, d := range done {
		require.True(t, d.Created, d.Login)
		require.True(t, d.Password, d.Login)
	}
	return p, master, passwords
}

func TestLoginsMayDoTheirWorkAndNoMore(t *testing.T) {
	p, master, passwords := ensured(t)
	as := func(login string) postgres.Server { return master.As(login, passwords[login]) }
	may := func(login, database, statement string) {
		t.Helper()
		keepertest.Exec(t, as(login), database, statement)
	}
	mayNot := func(login, database, statement, why string) {
		t.Helper()
		conn, err := as(login).Connect(t.Context(), database)
		require.NoError(t, err)
		defer func() { _ = conn.Close(t.Context()) }()
		_, err = conn.Exec(t.Context(), statement)
		require.ErrorContains(t, err, why, "%s: %s", login, statement)
	}
	may("portal", "portal", "CREATE TABLE plugins AS SELECT 1 AS id; CREATE TABLE installations AS SELECT 1 AS id")
	may("backstage", "backstage", "CREATE TABLE t ()")
	may("backstage", "postgres", "CREATE DATABASE backstage_plugin_catalog")
	may("backstage", "backstage_plugin_catalog", "CREATE TABLE entities AS SELECT 2 AS id")
	may("monitor", "portal", "SELECT query FROM pg_stat_activity")
	may("backup", "portal", "SELECT * FROM plugins")
	may("backup", "backstage_plugin_catalog", "SELECT * FROM entities")
	may("drill", "postgres", "CREATE DATABASE keeper_scratch_by_drill")

	mayNot("portal", "postgres", "CREATE DATABASE x", "permission denied")
	mayNot("portal", "backstage_plugin_catalog", "SELECT * FROM entities", "permission denied")
	mayNot("backstage", "portal", "SELECT * FROM plugins", "permission denied")
	mayNot("backstage", "postgres", "CREATE ROLE x", "permission denied")
	mayNot("monitor", "portal", "SELECT * FROM installations", "permission denied")
	mayNot("backup", "portal", "DELETE FROM plugins", "read-only transaction")
	mayNot("backup", "portal", "SET transaction_read_only = off; CREATE TABLE x ()", "permission denied")
	mayNot("drill", "portal", "SELECT * FROM plugins", "permission denied")
	mayNot("drill", "portal", "DROP DATABASE backstage", "must be owner")

	// Who dumps needs no more than that, and who drills neither.
	content, inventory := dumped(t, p, as("backup"), "portal")
	require.NoError(t, as("drill").InScratch(t.Context(), plain, time.Now(), fixed(1), func(into string) error {
		require.NoError(t, keepertest.Programs(p).Restore(t.Context(), as("drill"), into, strings.NewReader(string(content)), false))
		got, err := as("drill").InventoryOf(t.Context(), into)
		require.NoError(t, err)
		require.Empty(t, inventory.Differences(got))
		_, err = as("portal").Connect(t.Context(), into)
		require.ErrorContains(t, err, "permission denied", "a copy of the data is closed")
		return nil
	}))

	require.Equal(t, []string{"30s"}, keepertest.Query(t, master, "postgres",
		`SELECT split_part(s, '=', 2) FROM pg_db_role_setting, unnest(setconfig) s WHERE setrole = 'portal'::regrole AND s LIKE 'statement_timeout=%'`))
}

func TestPasswordsNeverReachTheServer(t *testing.T) {
	p, master, passwords := ensured(t)
	next := keepertest.Passwords()
	_, err := master.EnsureLogins(t.Context(), postgres.Logins(), next, fixed(6))
	require.NoError(t, err)
	log, err := os.ReadFile(p.Log())
	require.NoError(t, err)
	require.Contains(t, string(log), "ALTER ROLE", "the log holds statements")
	for login := range passwords {
		require.NotContains(t, string(log), passwords[login])
		require.NotContains(t, string(log), next[login])
	}
	stored := keepertest.Query(t, keepertest.Superuser(p), "postgres", `SELECT rolpassword FROM pg_authid WHERE rolname = 'portal'`)
	require.True(t, strings.HasPrefix(stored[0], "SCRAM-SHA-256$4096:"), stored[0])
}

func TestRolesAreSafeToRepeat(t *testing.T) {
	_, master, passwords := ensured(t)
	done, err := master.EnsureLogins(t.Context(), postgres.Logins(), passwords, failing{os.ErrClosed})
	require.NoError(t, err, "a password that works is not touched")
	for _, d := range done {
		require.Equal(t, postgres.Done{Login: d.Login}, d)
	}

	// Only what was rotated changes.
	rotated := passwords["portal"] + "x"
	passwords["portal"] = rotated
	done, err = master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(9))
	require.NoError(t, err)
	for _, d := range done {
		require.Equal(t, d.Login == "portal", d.Password, d.Login)
	}
	conn, err := master.As("portal", rotated).Connect(t.Context(), "portal")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	// What was changed by hand is put right.
	keepertest.Exec(t, master, "postgres", "ALTER ROLE portal CREATEDB CONNECTION LIMIT 0")
	_, err = master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(9))
	require.NoError(t, err)
	require.Equal(t, []string{"false -1"}, keepertest.Query(t, master, "postgres", `SELECT rolcreatedb || ' ' || rolconnlimit FROM pg_roles WHERE rolname = 'portal'`))
}

func TestTwoRunsAtOnce(t *testing.T) {
	_, master, _ := ensured(t)
	passwords := keepertest.Passwords()
	var group sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		group.Go(func() { _, errs[i] = master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(byte(i))) })
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestRolesRefuseBadPasswords(t *testing.T) {
	_, master, passwords := ensured(t)
	for _, c := range []struct{ password, want string }{{"", "there is no password for it"}, {"pässword", "printable ASCII"}, {"two\nlines", "printable ASCII"}} {
		passwords["monitor"] = c.password
		_, err := master.EnsureLogins(t.Context(), postgres.Logins(), passwords, fixed(1))
		require.ErrorContains(t, err, c.want)
		require.ErrorContains(t, err, "monitor")
	}
}
