// Package datatest gives tests real data servers: a PostgreSQL of its own or the
// binary's, a primary with replicas, PgBouncer, and Redis as a cluster or with
// sentinels, with the means to stop, hang and break them. Servers end with the
// test binary, even one that is killed, and leave nothing behind.
package datatest

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// shared is the server of this test binary.
var shared struct {
	sync.Mutex
	server *data.Postgres
	stop   func() // never called, but what it holds keeps the server alive
}

// Postgres returns a server that all tests of one binary share: names of
// databases and roles must differ between them. It skips the test in short
// mode, and where PostgreSQL is not installed.
func Postgres(t testing.TB) *data.Postgres {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		shared.server, shared.stop = start(t, data.Options{})
	}
	return shared.server
}

// OwnPostgres is like [Postgres] with a server of its own, which ends with the
// test or when stop is called.
func OwnPostgres(t testing.TB, o data.Options) (server *data.Postgres, stop func()) {
	t.Helper()
	server, stop = start(t, o)
	stop = sync.OnceFunc(stop)
	t.Cleanup(stop)
	return server, stop
}

func start(t testing.TB, o data.Options) (*data.Postgres, func()) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs a PostgreSQL server; run make test")
	}
	// Not t.TempDir: the account of the server must be able to enter it.
	dir, err := os.MkdirTemp("", "gatehouse-postgres-")
	require.NoError(t, err)
	port, err := process.FreePort()
	require.NoError(t, err)
	server, err := data.InitPostgres(t.Context(), dir, port, o)
	if errors.Is(err, data.ErrNotInstalled) {
		_ = os.RemoveAll(dir)
		t.Skip(err)
	}
	require.NoError(t, err)
	stop := tether(t, server)
	for deadline := time.Now().Add(30 * time.Second); server.Healthy(t.Context()) != nil; time.Sleep(20 * time.Millisecond) {
		require.False(t, time.Now().After(deadline), "PostgreSQL is not ready; its log ends with:\n%s", process.Tail(server.Log()))
	}
	return server, stop
}

// tethered runs the server until standard input ends, and removes its folder:
// when this test binary ends, however it does, the pipe closes.
const tethered = `dir=$1; shift; "$@" </dev/null & server=$!
read -r _; kill -QUIT $server; wait $server; rm -rf "$dir"`

func tether(t testing.TB, server *data.Postgres) (stop func()) {
	t.Helper()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	log, err := os.Create(server.Log())
	require.NoError(t, err)
	defer log.Close()
	c := server.Command()
	cmd := exec.Command("sh", append([]string{"-c", tethered, "sh", server.Dir, c.Path}, c.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, log, log
	cmd.Env = withoutPG(os.Environ())
	cmd.Dir = server.Dir
	require.NoError(t, cmd.Start())
	return func() {
		_ = write.Close()
		_ = cmd.Wait()
	}
}

// withoutPG keeps the tester's own PostgreSQL settings out.
func withoutPG(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "PG") {
			kept = append(kept, entry)
		}
	}
	return kept
}
