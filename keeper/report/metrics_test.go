package report_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/report"
)

var at = time.Date(2026, 11, 22, 1, 30, 5, 500_000_000, time.UTC)

func push(t *testing.T, status int, metrics []report.Metric) (line, body string, err error) {
	t.Helper()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		line, body = r.Method+" "+r.URL.Path, string(text)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "no such thing")
	}))
	defer gateway.Close()
	err = report.Push(t.Context(), gateway.Client(), gateway.URL+"/", "database", metrics)
	return line, body, err
}

func TestPushIsTheGatewaysFormat(t *testing.T) {
	line, body, err := push(t, http.StatusOK, report.Succeeded(at, 90*time.Second, 12345))
	require.NoError(t, err)
	// POST keeps the metrics of earlier pushes that have other names.
	require.Equal(t, "POST /metrics/job/keeper/task/database", line)
	require.Equal(t, `# HELP gatehouse_backup_last_success_timestamp_seconds When the last backup was complete, in Unix time.
# TYPE gatehouse_backup_last_success_timestamp_seconds gauge
gatehouse_backup_last_success_timestamp_seconds 1.7953110055e+09
# HELP gatehouse_backup_last_duration_seconds How long the last backup took.
# TYPE gatehouse_backup_last_duration_seconds gauge
gatehouse_backup_last_duration_seconds 90
# HELP gatehouse_backup_size_bytes How large the last backup is.
# TYPE gatehouse_backup_size_bytes gauge
gatehouse_backup_size_bytes 12345
`, body)
}

func TestRefusedPushSaysWhy(t *testing.T) {
	_, _, err := push(t, http.StatusBadRequest, report.Failed(at))
	require.ErrorContains(t, err, "400 Bad Request: no such thing")
	require.Error(t, report.Push(t.Context(), http.DefaultClient, "http://127.0.0.1:1", "x", nil))
}

// Only a drill that passed moves the time of the last success.
func TestDrillMetrics(t *testing.T) {
	values := func(passed bool) map[string]float64 {
		found := map[string]float64{}
		for _, m := range report.Drilled(passed, at, time.Minute, time.Hour) {
			found[m.Name] = m.Value
		}
		return found
	}
	const success = "gatehouse_restore_drill_last_success_timestamp_seconds"
	require.Equal(t, 1.0, values(true)["gatehouse_restore_drill_passed"])
	require.Contains(t, values(true), success)
	require.Equal(t, 0.0, values(false)["gatehouse_restore_drill_passed"])
	require.NotContains(t, values(false), success)
	require.Equal(t, 3600.0, values(false)["gatehouse_restore_drill_backup_age_seconds"])
	require.Equal(t, 60.0, values(false)["gatehouse_restore_drill_duration_seconds"])
}
