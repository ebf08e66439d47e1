package datatest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

func query(p *data.Postgres, password, sql string) (string, error) {
	cmd := exec.Command(filepath.Join(p.Bin, "psql"), "-h", "127.0.0.1", "-p", strconv.Itoa(p.Port), "-U", data.Superuser, "-wAtc", sql)
	cmd.Env = []string{"PGPASSWORD=" + password}
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestPostgresIsRealAndNeedsItsPassword(t *testing.T) {
	p := datatest.Postgres(t)
	out, err := query(p, p.Password, "SELECT current_user")
	require.NoError(t, err, out)
	require.Equal(t, data.Superuser, out)

	out, err = query(p, "wrong", "SELECT 1")
	require.Error(t, err)
	require.Contains(t, out, "password authentication failed")
	require.Same(t, p, datatest.Postgres(t), "one server a test binary")
}

func TestOwnPostgresHasItsSettingsAndLeavesNothing(t *testing.T) {
	p, stop := datatest.OwnPostgres(t, data.Options{Settings: map[string]string{"work_mem": "5MB"}, WALSegmentMiB: 1})
	out, err := query(p, p.Password, "SELECT current_setting('work_mem'), current_setting('wal_segment_size')")
	require.NoError(t, err, out)
	require.Equal(t, "5MB|1MB", out)

	stop()
	require.Error(t, p.Healthy(t.Context()))
	_, err = os.Stat(p.Dir)
	require.ErrorIs(t, err, os.ErrNotExist)
}
