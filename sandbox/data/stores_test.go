package data_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
)

// ports gives every name another number.
func ports() map[string]int {
	found := map[string]int{}
	for i, name := range data.StorePorts() {
		found[name] = 20000 + i
	}
	return found
}

func TestEndpointsAreKnownBeforeAnythingRuns(t *testing.T) {
	o := data.StoreOptions{Dir: "/sandbox/data", Ports: ports()}
	e := o.Endpoints()
	require.Equal(t, "127.0.0.1:20000", e.Postgres.Primary)
	require.Equal(t, []string{"127.0.0.1:20001", "127.0.0.1:20002"}, e.Postgres.Replicas)
	require.Equal(t, "/sandbox/data/secrets/postgres-monitor", e.Postgres.Users[data.MonitorUser])
	require.Equal(t, e.Postgres.Users[data.PortalUser], e.PgBouncer.Users[data.PortalUser], "one password for both")
	require.NotEmpty(t, e.PgBouncer.Users[data.AdminUser])
	require.Len(t, e.Redis.Addresses, 6)
	require.Empty(t, e.Redis.Sentinels)
	require.Empty(t, e.Redis.Primary)
	require.NotEqual(t, e.Postgres.Users[data.MonitorUser], e.Redis.Users[data.MonitorUser])

	o.Sentinel = true
	watched := o.Endpoints().Redis
	require.Len(t, watched.Addresses, 3)
	require.Len(t, watched.Sentinels, 3)
	require.Equal(t, data.SentinelPrimary, watched.Primary)

	text, err := json.Marshal(e.Without(map[string]string{data.RedisKind: "", data.PgBouncerKind: ""}))
	require.NoError(t, err)
	require.NotContains(t, string(text), "redis")
	require.NotContains(t, string(text), "pgbouncer")
	require.Contains(t, string(text), `"primary":"127.0.0.1:20000"`)
	require.NotNil(t, e.Redis, "the others keep theirs")
}

func TestServersHaveNamesPortsAndAnOrder(t *testing.T) {
	for _, sentinel := range []bool{false, true} {
		servers, missing := data.Stores(data.StoreOptions{Dir: t.TempDir(), Ports: ports(), Sentinel: sentinel})
		if len(missing) > 0 {
			t.Skip("needs all servers: ", missing)
		}
		seen := map[string]bool{}
		for _, server := range servers {
			require.False(t, seen[server.Name], server.Name)
			seen[server.Name] = true
			require.Contains(t, data.StorePorts(), server.Port)
			require.NotNil(t, server.Prepare)
			require.NotNil(t, server.Healthy)
			require.True(t, strings.HasSuffix(server.Command.Log, server.Name+".log"))
			for _, before := range server.After {
				require.True(t, seen[before], "%s comes after %s", server.Name, before)
			}
			for _, arg := range server.Command.Args {
				require.NotContains(t, arg, "assword")
			}
		}
	}
}

// Another port or another setting makes another command, so that the sandbox
// starts the server again.
func TestACommandChangesWithItsSettings(t *testing.T) {
	dir := t.TempDir()
	before, missing := data.Stores(data.StoreOptions{Dir: dir, Ports: ports()})
	if len(missing) > 0 {
		t.Skip("needs all servers: ", missing)
	}
	same, _ := data.Stores(data.StoreOptions{Dir: dir, Ports: ports()})
	moved := ports()
	for name := range moved {
		moved[name] += 100
	}
	after, _ := data.Stores(data.StoreOptions{Dir: dir, Ports: moved})
	for i := range before {
		require.Equal(t, before[i].Command, same[i].Command)
		require.NotEqual(t, before[i].Command, after[i].Command, before[i].Name)
	}
}

func TestWhatIsNotInstalledIsNamedAndTheOthersCome(t *testing.T) {
	if _, err := os.Stat("/usr/lib/postgresql"); err != nil {
		t.Skip("needs PostgreSQL in Debian's folders")
	}
	path := t.TempDir() // as PATH: setpriv and nothing else
	if setpriv, err := exec.LookPath("setpriv"); err == nil {
		require.NoError(t, os.Symlink(setpriv, filepath.Join(path, "setpriv")))
	}
	t.Setenv("PATH", path)
	servers, missing := data.Stores(data.StoreOptions{Dir: t.TempDir(), Ports: ports()})
	require.Contains(t, missing, data.RedisKind)
	require.Contains(t, missing[data.RedisKind], "redis-server: not installed; install the package redis-server, or run make sandbox-deps as root")
	require.NotContains(t, missing, data.PostgresKind)
	var names []string
	for _, server := range servers {
		names = append(names, server.Name)
	}
	require.Subset(t, names, []string{"postgres", "postgres-replica-1", "postgres-replica-2"})
	require.NotContains(t, names, "redis-1")
}
