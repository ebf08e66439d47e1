package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// fixed is a source of randomness that always gives the same byte.
type fixed byte

func (f fixed) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func pid(*testing.T) string { return strconv.Itoa(os.Getpid()) }

func names(t *testing.T, s postgres.Server) []string {
	t.Helper()
	return keepertest.Query(t, s, "postgres", `SELECT datname::text FROM pg_database`)
}

func find(t *testing.T, databases []postgres.Database, name string) postgres.Database {
	t.Helper()
	for _, database := range databases {
		if database.Name == name {
			return database
		}
	}
	require.Failf(t, "no such database", "%s among %v", name, databases)
	return postgres.Database{}
}

var plain = postgres.Database{Encoding: "UTF8", Collate: "C", Ctype: "C"}

func TestScratchIsDroppedWhateverHappens(t *testing.T) {
	super := keepertest.Superuser(datatest.Postgres(t))
	wrong := errors.New("wrong")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, use := range []func(string) error{
		func(string) error { return nil },
		func(string) error { return wrong },
		func(into string) error { // someone is still connected
			conn, err := super.Connect(context.Background(), into)
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.Close(context.Background()) })
			return nil
		},
		func(string) error { cancel(); return ctx.Err() }, // told to stop
	} {
		var scratch string
		_ = super.InScratch(ctx, plain, time.Now(), fixed(1), func(into string) error {
			scratch = into
			require.Contains(t, names(t, super), into)
			return use(into)
		})
		require.NotContains(t, names(t, super), scratch)
	}
}

// The server goes on making a database when its client has gone.
func TestScratchStoppedWhileItIsMade(t *testing.T) {
	super := keepertest.Superuser(datatest.Postgres(t))
	const name = "keeper_scratch_20260303t030405_0808080808080808"
	// Others that use template0 make it wait.
	blocker, err := super.Connect(t.Context(), "postgres")
	require.NoError(t, err)
	defer func() { _ = blocker.Close(t.Context()) }()
	for _, statement := range []string{"BEGIN", "LOCK TABLE pg_database IN SHARE MODE"} {
		_, err = blocker.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- super.InScratch(ctx, plain, time.Date(2026, 3, 3, 3, 4, 5, 0, time.UTC), fixed(8), func(string) error { return nil })
	}()
	for len(keepertest.Query(t, super, "postgres", "SELECT pid::text FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE%"+name+"%' AND wait_event_type = 'Lock'")) == 0 {
		require.NoError(t, t.Context().Err())
	}
	cancel()
	_, err = blocker.Exec(t.Context(), "COMMIT")
	require.NoError(t, err)
	require.ErrorIs(t, <-done, context.Canceled)
	require.NotContains(t, names(t, super), name)
}

// A name that is taken is an error, and what is there stays.
func TestScratchNeverTakesWhatIsThere(t *testing.T) {
	super := keepertest.Superuser(datatest.Postgres(t))
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const name = "keeper_scratch_20260102t030405_0707070707070707"
	keepertest.Exec(t, super, "postgres", "CREATE DATABASE "+name)
	err := super.InScratch(t.Context(), plain, now, fixed(7), func(string) error {
		t.Error("it was used")
		return nil
	})
	require.ErrorContains(t, err, "already exists")
	require.Contains(t, names(t, super), name)

	for _, live := range []string{"portal", "postgres", "portal_before_20260102t030405", "keeper"} {
		require.ErrorContains(t, super.Drop(t.Context(), live), "not the keeper's own")
	}
	require.NoError(t, super.Drop(t.Context(), name))
}

func TestAbandonedScratchIsDroppedAfterSixHours(t *testing.T) {
	super := keepertest.Superuser(datatest.Postgres(t))
	now := time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)
	keepertest.Exec(t, super, "postgres",
		"CREATE DATABASE keeper_scratch_20260502t055959_ab", "CREATE DATABASE keeper_scratch_20260502t060100_ab", "CREATE DATABASE keeper_scratch_mine")
	dropped, err := super.DropAbandoned(t.Context(), now)
	require.NoError(t, err)
	require.Equal(t, []string{"keeper_scratch_20260502t055959_ab"}, dropped)
	keepertest.Exec(t, super, "postgres", "DROP DATABASE keeper_scratch_20260502t060100_ab", "DROP DATABASE keeper_scratch_mine")
}

func TestBackupsLeaveTheKeepersDatabasesOut(t *testing.T) {
	super := keepertest.Superuser(datatest.Postgres(t))
	ours := []string{"keeper_scratch_x", "portal_before_20260102t030405", "portal_restored_20260102t030405"}
	theirs := []string{"portal_before_noon", "backstage_plugin_catalog"}
	for _, name := range append(ours, theirs...) {
		keepertest.Exec(t, super, "postgres", "CREATE DATABASE "+name)
		t.Cleanup(func() { keepertest.Exec(keepertest.Detached(t), super, "postgres", "DROP DATABASE "+name) })
	}
	databases, err := super.Databases(t.Context())
	require.NoError(t, err)
	var found []string
	for _, database := range databases {
		found = append(found, database.Name)
	}
	require.Subset(t, found, theirs)
	for _, name := range append(ours, "postgres", "template0", "template1") {
		require.NotContains(t, found, name)
	}
}

// The disk of the scratch server is full: the drill's restore says so, and
// gives the space back.
func TestFullDiskIsToldAndGivenBack(t *testing.T) {
	p, source, name := made(t, 30_000)
	content, _ := dumped(t, p, source, name)
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small file system")
	}
	small, _ := datatest.OwnPostgres(t, data.Options{})
	super := keepertest.Superuser(small)
	folder := smallFileSystem(t, small)
	keepertest.Exec(t, super, "postgres", "CREATE TABLESPACE small LOCATION '"+folder+"'")
	err := super.InScratch(t.Context(), plain, time.Now(), fixed(3), func(into string) error {
		keepertest.Exec(t, super, "postgres", "ALTER DATABASE "+into+" SET TABLESPACE small")
		return keepertest.Programs(small).Restore(t.Context(), super, into, bytes.NewReader(content), false)
	})
	require.ErrorContains(t, err, "No space left on device")
	for _, left := range names(t, super) {
		require.NotContains(t, left, "keeper_scratch")
	}
}

// smallFileSystem is 12 MiB large, 8 of which an empty database takes, and the
// server's.
func smallFileSystem(t *testing.T, p *data.Postgres) string {
	t.Helper()
	folder := filepath.Join(p.Dir, "small")
	require.NoError(t, os.Mkdir(folder, 0o700))
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=12m"); err != nil {
		t.Skip("this machine does not let a file system be mounted: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) }) // before the server's folder is removed
	owner, err := os.Stat(filepath.Join(p.Dir, "cluster"))
	require.NoError(t, err)
	uid := owner.Sys().(*syscall.Stat_t).Uid
	require.NoError(t, os.Chown(folder, int(uid), -1))
	return folder
}

func TestNamesFitPostgreSQL(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	require.Equal(t, "portal_before_20260102t030405", postgres.BeforeName("portal", now))
	long := postgres.RestoredName(strings.Repeat("x", 63), now)
	require.Len(t, long, 63)
	require.True(t, strings.HasSuffix(long, "_restored_20260102t030405"))
}
