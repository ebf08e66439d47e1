package sandboxtest

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/process"
	"gatehouse/sandbox/process/processtest"

	"github.com/stretchr/testify/require"
)

// shared is the emulator of this test binary. It is state of the package on
// purpose: starting one for every test would cost more than the tests.
var shared struct {
	sync.Mutex
	endpoint string
	stop     func() // never called, but what it holds keeps the emulator alive
}

// AWS returns the endpoint of an AWS API emulator, http://127.0.0.1:PORT. All
// tests of one binary share it and what is in it, so names must differ between
// them; [ResetAWS] empties it. The account is [emulator.Account]; any
// credentials will do.
func AWS(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.endpoint == "" {
		// Not t.TempDir: the emulator outlives the test that came first.
		dir, err := os.MkdirTemp("", "gatehouse-aws-")
		require.NoError(t, err)
		shared.endpoint, shared.stop = startAWS(t, dir)
		_ = os.RemoveAll(dir) // the log is open; nobody reads it from here on
	}
	return shared.endpoint
}

// OwnAWS is like [AWS] with an emulator of its own, which ends with the test or
// when stop is called.
func OwnAWS(t testing.TB) (endpoint string, stop func()) {
	t.Helper()
	endpoint, stop = startAWS(t, t.TempDir())
	stop = sync.OnceFunc(stop)
	t.Cleanup(stop)
	return endpoint, stop
}

// ResetAWS removes everything from the emulator at endpoint.
func ResetAWS(t testing.TB, endpoint string) {
	t.Helper()
	response, err := http.Post(endpoint+"/moto-api/reset", "", nil)
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.NoError(t, emulator.Configure(t.Context(), endpoint))
}

func startAWS(t testing.TB, dir string) (string, func()) {
	t.Helper()
	path, err := emulator.Find(t.Context(), cacheDir(t), func(line string) { t.Log(line) })
	require.NoError(t, err)
	port, err := process.FreePort()
	require.NoError(t, err)
	log := filepath.Join(dir, "aws.log")
	require.NoError(t, emulator.Prepare(log))
	stop := processtest.StartShared(t, emulator.Command(path, port, log), "").Stop
	endpoint := emulator.Endpoint(port)
	processtest.Await(t, "the AWS emulator", log, 30*time.Second, func(ctx context.Context) error { return emulator.Healthy(ctx, endpoint) })
	require.NoError(t, emulator.Configure(t.Context(), endpoint))
	return endpoint, stop
}

func cacheDir(t testing.TB) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	require.NoError(t, err)
	return filepath.Join(dir, "gatehouse")
}
