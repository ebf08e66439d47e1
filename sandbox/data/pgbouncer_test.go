package data_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

const (
	readyLimit = 30 * time.Second
	poll       = 20 * time.Millisecond
)

func TestPgBouncerPoolsConnectionsWithTLS(t *testing.T) {
	c := datatest.PostgresCluster(t)
	b := datatest.PgBouncer(t, c)
	var version string
	var recovers bool
	const encrypted = "SELECT version, pg_is_in_recovery() FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
	require.NoError(t, b.Connect(t, data.PortalUser, data.Database).QueryRow(t.Context(), encrypted).Scan(&version, &recovers))
	require.Equal(t, "TLSv1.3", version)
	require.False(t, recovers)
	require.NoError(t, b.Connect(t, data.PortalUser, data.Database+"_read").QueryRow(t.Context(), encrypted).Scan(&version, &recovers))
	require.True(t, recovers, "reads go to a replica")
	require.NoError(t, b.Connect(t, data.BackstageUser, "backstage_plugin_catalog").Ping(t.Context()))

	t.Run("the console is for its users", func(t *testing.T) {
		monitor := b.Connect(t, data.MonitorUser, data.Console)
		_, err := monitor.Exec(t.Context(), "SHOW POOLS")
		require.NoError(t, err)
		_, err = monitor.Exec(t.Context(), "PAUSE")
		require.ErrorContains(t, err, "admin access needed")
		b.Command(t, "RELOAD")
	})
	t.Run("a start is safe to repeat", func(t *testing.T) {
		b.Server.Kill(t)
		b.Server.Start(t)
		b.Server.Stop(t)
		b.Server.Start(t)
	})
	t.Run("a primary that hangs", func(t *testing.T) {
		c.Primary.Pause(t)
		require.Error(t, within(t, b.Server.Healthy))
		c.Primary.Resume(t)
		b.Server.AwaitReady(t)
	})
}

// within gives a check little time.
func within(t *testing.T, check func(context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	return check(ctx)
}
