package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
)

func TestSwapTakesAllOrNone(t *testing.T) {
	_, master, passwords := ensured(t)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	swap := func(database string) postgres.Swap {
		return postgres.Swap{Live: database, Restored: postgres.RestoredName(database, now), Before: postgres.BeforeName(database, now)}
	}
	mark := func(s postgres.Server, database, text string) {
		keepertest.Exec(t, s, database, "CREATE TABLE mark AS SELECT '"+text+"'::text AS text")
	}
	read := func(database string) string {
		return keepertest.Query(t, master, database, "SELECT text FROM mark")[0]
	}
	mark(master.As("portal", passwords["portal"]), "portal", "live")
	mark(master.As("backstage", passwords["backstage"]), "backstage", "live")
	portal := plain
	portal.Name, portal.Owner = swap("portal").Restored, "portal"
	require.NoError(t, master.Create(t.Context(), portal))
	mark(master, portal.Name, "restored")
	session, err := master.As("portal", passwords["portal"]).Connect(t.Context(), "portal")
	require.NoError(t, err)
	defer func() { _ = session.Close(t.Context()) }()

	// One of two is missing: neither changes, both are open again.
	err = master.SwapAll(t.Context(), []postgres.Swap{swap("portal"), swap("backstage")})
	require.ErrorContains(t, err, "backstage_restored_20260102t030405")
	require.Equal(t, "live", read("portal"))
	require.Equal(t, "live", read("backstage"))
	require.Error(t, session.Ping(t.Context()), "sessions were ended")

	require.NoError(t, master.SwapAll(t.Context(), []postgres.Swap{swap("portal")}))
	require.Equal(t, "restored", read("portal"))
	require.Equal(t, []string{"false"}, keepertest.Query(t, master, "postgres",
		"SELECT datallowconn::text FROM pg_database WHERE datname = 'portal_before_20260102t030405'"), "the replaced one is kept, closed")

	release, err := master.LockRecovery(t.Context())
	require.NoError(t, err)
	_, err = master.LockRecovery(t.Context())
	require.ErrorContains(t, err, "another recovery")
	release()
	release, err = master.LockRecovery(t.Context())
	require.NoError(t, err)
	release()
}
