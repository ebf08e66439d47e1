package command_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/keepertest"
)

// Kubernetes ends a job with SIGTERM: scratch databases and uploads go, and the
// program says that it could not run.
func TestTerminatedRunsLeaveNothing(t *testing.T) {
	s := newScene(t)
	binary := filepath.Join(t.TempDir(), "keeper")
	out, err := exec.Command("go", "build", "-o", binary, "gatehouse/cmd/keeper").CombinedOutput()
	require.NoError(t, err, string(out))
	keepertest.Exec(t, s.As("portal"), "portal", "CREATE TABLE large AS SELECT i, sha256(i::text::bytea) FROM generate_series(1, 300000) i")
	s.BackUp(t, s.archive, time.Now())
	before := keepertest.Keys(t, s.s3, s.archive.Bucket)

	for _, c := range []struct{ login, task, busy string }{
		{"drill", "drill", "SELECT datname::text FROM pg_database WHERE datname LIKE 'keeper_scratch%'"},
		{"backup", "database", "SELECT pid::text FROM pg_stat_activity WHERE usename = 'backup' AND query LIKE 'COPY %'"},
	} {
		t.Run(c.task, func(t *testing.T) {
			args := map[string][]string{"drill": {"drill"}, "database": {"backup", "database"}}[c.task]
			cmd := exec.Command(binary, args...)
			cmd.Env = append(os.Environ(), "PGUSER="+c.login, "PGPASSWORD="+s.Passwords[c.login])
			for name, value := range s.env {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			stderr, err := cmd.StderrPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			said := make(chan string, 1)
			go func() {
				text, _ := io.ReadAll(stderr)
				said <- string(text)
			}()
			for deadline := time.Now().Add(30 * time.Second); len(keepertest.Query(t, s.Master, "postgres", c.busy)) == 0; {
				require.True(t, time.Now().Before(deadline), "it never came to the middle")
			}
			require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
			problems := <-said
			require.Error(t, cmd.Wait())
			require.Equal(t, 2, cmd.ProcessState.ExitCode(), problems)

			require.Empty(t, keepertest.Query(t, s.Master, "postgres", "SELECT datname::text FROM pg_database WHERE datname LIKE 'keeper_scratch%'"))
			for _, key := range keepertest.Keys(t, s.s3, s.archive.Bucket) {
				require.NotContains(t, key, "unfinished")
				if filepath.Ext(key) == ".json" {
					require.Contains(t, before, key, "no new manifest, and no drill's result")
				}
			}
			require.Equal(t, false, s.status(t, c.task)["succeeded"], "it was told all the same")
		})
	}
}
