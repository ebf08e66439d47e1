package pooler

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/process"
)

// These tests run the file that is deployed through a real PgBouncer, before a
// real PostgreSQL with TLS.

func TestPgBouncerAcceptsTheFileAndReachesTheDatabaseOverTLS(t *testing.T) {
	b := start(t, "localhost")
	const encrypted = "SELECT current_database() || ' ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
	for database, really := range map[string]string{
		"portal": "portal", "portal_read": "portal", "backstage_plugin_catalog": "backstage_plugin_catalog",
	} {
		answer, err := b.ask(t, "hush", database, encrypted)
		require.NoError(t, err, "%s: %s", database, process.Tail(filepath.Join(b.dir, "log")))
		require.Equal(t, really+" TLSv1.3", answer)
	}
	_, err := b.ask(t, "wrong", "portal", "SELECT 'in'")
	require.ErrorContains(t, err, "authentication failed")
}

// The console shows itself to the monitor and obeys the pod's own user alone.
func TestTheConsoleObeysOnlyThePod(t *testing.T) {
	b := start(t, "localhost")
	_, err := b.ask(t, "hush", "pgbouncer", "SHOW POOLS")
	require.ErrorContains(t, err, "not allowed")
	shown, err := b.askAs(t, "monitor:whisper", "pgbouncer", "SHOW VERSION")
	require.NoError(t, err)
	require.Contains(t, shown, "PgBouncer")
	for _, command := range []string{"PAUSE", "KILL portal", "RELOAD", "SET max_client_conn = 1"} {
		_, err = b.askAs(t, "monitor:whisper", "pgbouncer", command)
		require.ErrorContains(t, err, "admin access needed", command)
	}
	_, err = b.askAs(t, "monitor:wrong", "pgbouncer", "SHOW VERSION")
	require.ErrorContains(t, err, "authentication failed")

	psql := filepath.Join(b.database.Bin, "psql")
	query := []string{"-h", b.dir, "-p", strconv.Itoa(b.port), "-U", "pgbouncer", "-wAtc", "SHOW DATABASES", "pgbouncer"}
	out, err := b.as(psql, query...).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "portal_read")
	if os.Getuid() == 0 {
		out, err = exec.Command(psql, query...).CombinedOutput()
		require.Error(t, err, "another user, even root, is not let in: %s", out)
	}
}

// More clients than server connections are served, none sees another's.
func TestClientsShareConnections(t *testing.T) {
	b := start(t, "localhost")
	answers := make(chan error, 15)
	for range cap(answers) {
		go func() {
			_, err := b.ask(t, "hush", "portal", "SELECT pg_sleep(0.01)::text || pg_backend_pid()")
			answers <- err
		}()
	}
	for range cap(answers) {
		require.NoError(t, <-answers)
	}
	psql := b.as(filepath.Join(b.database.Bin, "psql"), "-h", b.dir, "-p", strconv.Itoa(b.port), "-U", "pgbouncer", "-wAtc", "SHOW SERVERS", "pgbouncer")
	out, err := psql.CombinedOutput()
	require.NoError(t, err, string(out))
	require.LessOrEqual(t, strings.Count(string(out), "\n"), 3, "a pool of 2 and 1 in reserve:\n%s", out)
}

// A server that is not who it should be gets no password, and the client no
// answer.
func TestAnotherNameInTheCertificateIsRefused(t *testing.T) {
	b := start(t, "elsewhere.example")
	waiting, stop := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	go func() {
		_, err := b.askIn(waiting, "portal:hush", "portal", "SELECT 'in'")
		answered <- err
	}()
	require.Eventually(t, func() bool {
		said, err := os.ReadFile(filepath.Join(b.dir, "log"))
		return err == nil && strings.Contains(string(said), "name `localhost' not present in server certificate")
	}, 10*time.Second, 20*time.Millisecond)
	stop()
	require.Error(t, <-answered)
}
