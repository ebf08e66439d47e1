package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// made makes a filled database with a test's own name.
func made(t *testing.T, rows int) (*data.Postgres, postgres.Server, string) {
	t.Helper()
	p := datatest.Postgres(t)
	super := keepertest.Superuser(p)
	name := strings.ToLower(t.Name())
	keepertest.Exec(t, super, "postgres", `DROP DATABASE IF EXISTS "`+name+`"`, `CREATE DATABASE "`+name+`"`)
	t.Cleanup(func() {
		keepertest.Exec(keepertest.Detached(t), super, "postgres", `DROP DATABASE IF EXISTS "`+name+`" WITH (FORCE)`)
	})
	keepertest.Fill(t, super, name, rows)
	return p, super, name
}

func dumped(t *testing.T, p *data.Postgres, s postgres.Server, database string) ([]byte, postgres.Inventory) {
	t.Helper()
	dump, err := keepertest.Programs(p).Dump(t.Context(), s, database)
	require.NoError(t, err)
	content, err := io.ReadAll(dump)
	require.NoError(t, err)
	require.NoError(t, dump.Close())
	return content, dump.Inventory
}

func TestRestoreHoldsWhatWasDumped(t *testing.T) {
	p, super, name := made(t, 1000)
	content, inventory := dumped(t, p, super, name)
	require.Equal(t, map[string]int64{"constraints": 4, "functions": 1, "indexes": 4, "sequences": 1, "views": 1}, inventory.Objects)
	rows := map[string]int64{}
	for _, table := range inventory.Tables {
		rows[table.Schema+"."+table.Name] = table.Rows
	}
	require.Equal(t, map[string]int64{
		"public.plugins": 1001, "public.installations": 500, "public.empty_one": 0, `odd schema.odd "table`: 2,
	}, rows)

	var scratch string
	databases, err := super.Databases(t.Context())
	require.NoError(t, err)
	err = super.InScratch(t.Context(), find(t, databases, name), time.Now(), fixed('a'), func(into string) error {
		scratch = into
		require.NoError(t, keepertest.Programs(p).Restore(t.Context(), super, into, bytes.NewReader(content), false))
		got, err := super.InventoryOf(t.Context(), into)
		require.NoError(t, err)
		require.Empty(t, inventory.Differences(got))

		keepertest.Exec(t, super, into, `UPDATE plugins SET weight = weight + 0.000001 WHERE id = 500`, `DELETE FROM installations WHERE plugin = 2`,
			`DROP TABLE empty_one`, `CREATE TABLE extra ()`, `DROP VIEW named`)
		got, err = super.InventoryOf(t.Context(), into)
		require.NoError(t, err)
		require.Equal(t, []string{
			"table public.empty_one is missing",
			"table public.installations has 499 rows, the backup 500",
			"table public.plugins has other contents than the backup",
			"table public.extra is not in the backup",
			"there are 0 views, in the backup 1",
		}, inventory.Differences(got))
		return nil
	})
	require.NoError(t, err)
	require.NotContains(t, names(t, super), scratch, "the scratch database is dropped")
}

// The inventory is of the dump's own moment, though others write meanwhile.
func TestDumpAndInventoryAreOfOneMoment(t *testing.T) {
	p, super, name := made(t, 1000)
	dump, err := keepertest.Programs(p).Dump(t.Context(), super, name)
	require.NoError(t, err)
	defer func() { _ = dump.Close() }()
	keepertest.Exec(t, super, name, `INSERT INTO plugins (name) SELECT 'late-' || i FROM generate_series(1, 500) i`)
	databases, err := super.Databases(t.Context())
	require.NoError(t, err)
	require.NoError(t, super.InScratch(t.Context(), find(t, databases, name), time.Now(), fixed('b'), func(into string) error {
		require.NoError(t, keepertest.Programs(p).Restore(t.Context(), super, into, dump, false))
		got, err := super.InventoryOf(t.Context(), into)
		require.NoError(t, err)
		require.Empty(t, dump.Inventory.Differences(got))
		return nil
	}))
}

// A pg_dump that is killed has no end of its output.
func TestKilledDumpIsNoEnd(t *testing.T) {
	p, super, name := made(t, 30_000)
	dump, err := keepertest.Programs(p).Dump(t.Context(), super, name)
	require.NoError(t, err)
	defer func() { _ = dump.Close() }()
	first := make([]byte, 1000)
	_, err = io.ReadFull(dump, first)
	require.NoError(t, err)
	require.NoError(t, exec.Command("pkill", "-KILL", "-P", pid(t), "pg_dump").Run())
	_, err = io.Copy(io.Discard, dump)
	require.ErrorContains(t, err, "pg_dump: signal: killed")
}

// A server that goes away in the middle is told in pg_dump's words.
func TestServerThatEndsInTheMiddle(t *testing.T) {
	p, super, name := made(t, 30_000)
	dump, err := keepertest.Programs(p).Dump(t.Context(), super, name)
	require.NoError(t, err)
	defer func() { _ = dump.Close() }()
	_, err = io.ReadFull(dump, make([]byte, 1000))
	require.NoError(t, err)
	keepertest.Exec(t, super, "postgres", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'keeper' AND datname = '`+name+`'`)
	_, err = io.Copy(io.Discard, dump)
	require.ErrorContains(t, err, "terminating connection due to administrator command")
}

func TestStoppedDumpEnds(t *testing.T) {
	p, super, name := made(t, 30_000)
	ctx, cancel := context.WithCancel(t.Context())
	dump, err := keepertest.Programs(p).Dump(ctx, super, name)
	require.NoError(t, err)
	cancel()
	_, err = io.Copy(io.Discard, dump)
	require.Error(t, err)
	require.NoError(t, dump.Close())
	require.Eventually(t, func() bool {
		return len(keepertest.Query(t, super, "postgres", `SELECT pid::text FROM pg_stat_activity WHERE application_name = 'keeper' AND datname = '`+name+`'`)) == 0
	}, 10*time.Second, 50*time.Millisecond, "no session is left")
}

func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	p, super, name := made(t, 1000)
	content, _ := dumped(t, p, super, name)
	databases, err := super.Databases(t.Context())
	require.NoError(t, err)
	damaged := errors.New("its SHA-256 is another")
	for what, c := range map[string]struct {
		dump io.Reader
		want string
	}{
		"cut off":            {bytes.NewReader(content[:len(content)/2]), "pg_restore"},
		"no dump":            {strings.NewReader("CREATE TABLE x();"), "pg_restore"},
		"damaged at the end": {io.MultiReader(bytes.NewReader(content), failing{damaged}), damaged.Error()},
	} {
		t.Run(what, func(t *testing.T) {
			var scratch string
			err := super.InScratch(t.Context(), find(t, databases, name), time.Now(), fixed('c'), func(into string) error {
				scratch = into
				return keepertest.Programs(p).Restore(t.Context(), super, into, c.dump, false)
			})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, names(t, super), scratch)
		})
	}
}

func TestClientsOfAnotherVersionAreRefused(t *testing.T) {
	p := datatest.Postgres(t)
	super := keepertest.Superuser(p)
	require.NoError(t, keepertest.Programs(p).MatchVersion(t.Context(), super))
	other := t.TempDir()
	require.NoError(t, os.WriteFile(other+"/pg_dump", []byte("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n"), 0o755))
	require.ErrorContains(t, postgres.Programs(other).MatchVersion(t.Context(), super), "they are version 99 and the server is 15")
	require.ErrorContains(t, postgres.Programs(t.TempDir()).MatchVersion(t.Context(), super), "install PostgreSQL's client programs")
}

func TestConnectionErrorsHoldNoPassword(t *testing.T) {
	p := datatest.Postgres(t)
	_, err := keepertest.Superuser(p).As("nobody", "hush-hush").Databases(t.Context())
	require.ErrorContains(t, err, "as nobody")
	require.NotContains(t, err.Error(), "hush-hush")
	bad := keepertest.Superuser(p)
	bad.SSLMode, bad.Password = "nonsense", `hush'\hush`
	_, err = bad.Databases(t.Context())
	require.Error(t, err)
	require.NotContains(t, err.Error(), "hush")

	require.Error(t, postgresFrom(map[string]string{"PGHOST": "db"}))
	require.NoError(t, postgresFrom(map[string]string{"PGHOST": "db", "PGUSER": "backup"}))
}

func postgresFrom(env map[string]string) error {
	_, err := postgres.FromEnvironment(func(name string) string { return env[name] })
	return err
}
