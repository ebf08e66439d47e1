package pgbouncer_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/components/alerts/rules"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/metrics/pgbouncer"
)

// read asks an exporter of these options, and returns the answer by series.
func read(t *testing.T, o pgbouncer.Options) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	pgbouncer.Handler(o).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, recorder.Code, recorder.Body.String())
	return recorder.Body.String()
}

func TestTheConsoleIsExported(t *testing.T) {
	bouncer := datatest.PgBouncer(t, datatest.PostgresCluster(t))
	before := goleak.IgnoreCurrent()
	o := pgbouncer.Options{
		Address: bouncer.Address, Console: bouncer.Console, User: data.MonitorUser,
		PasswordFile: bouncer.Users[data.MonitorUser], CA: bouncer.CA,
	}
	all := read(t, o)
	require.Contains(t, all, "\npgbouncer_up 1\n")
	require.Regexp(t, `pgbouncer_databases_pool_size\{database="portal",force_user="",host="127.0.0.1",name="portal",.*\} 20\n`, all)
	require.Contains(t, all, `pgbouncer_pools_client_active_connections{database="pgbouncer",user="pgbouncer"} 1`)
	require.Regexp(t, `pgbouncer_version_info\{version="\d+\.\d+\.\d+"\} 1\n`, all)
	require.Regexp(t, `pgbouncer_stats_queries_duration_seconds_total\{database="portal"\} 0\.`, all, "seconds, not microseconds")
	require.Contains(t, all, "pgbouncer_config_max_client_connections 500\n")

	t.Run("all that rules read", func(t *testing.T) {
		topics, err := rules.Topics(rules.Settings{
			AvailabilityPercent: 99.9, LatencyPercent: 95, LatencySeconds: 1,
			Backups: []rules.Backup{{Task: "database", MaxAge: time.Hour}}, DrillMaxAge: time.Hour, DrillMaxDuration: time.Hour,
		})
		require.NoError(t, err)
		name := regexp.MustCompile(`\bpgbouncer_[a-z_]+`)
		for _, topic := range topics {
			for _, alert := range topic.Alerts {
				for _, metric := range name.FindAllString(alert.Expr, -1) {
					if metric != "pgbouncer_pool_used" { // a record's
						require.Regexp(t, `(?m)^`+metric+`[ {]`, all)
					}
				}
			}
			for _, record := range topic.Records {
				for _, metric := range name.FindAllString(record.Expr, -1) {
					require.Regexp(t, `(?m)^`+metric+`[ {]`, all)
				}
			}
		}
	})
	t.Run("it may not look", func(t *testing.T) {
		o := o
		o.User, o.PasswordFile = data.PortalUser, bouncer.Users[data.PortalUser]
		require.Contains(t, read(t, o), "\npgbouncer_up 0\n")
	})
	t.Run("its authority is another", func(t *testing.T) {
		o := o
		o.CA = filepath.Join(t.TempDir(), "none")
		require.Contains(t, read(t, o), "\npgbouncer_up 0\n")
	})
	t.Run("it hangs", func(t *testing.T) {
		bouncer.Server.Pause(t)
		begin := time.Now()
		require.Contains(t, read(t, o), "\npgbouncer_up 0\n")
		require.Less(t, time.Since(begin), 5*time.Second, "before Prometheus gives up")
		bouncer.Server.Resume(t)
		require.Contains(t, read(t, o), "\npgbouncer_up 1\n")
	})
	goleak.VerifyNone(t, before)
	t.Run("it is down", func(t *testing.T) {
		bouncer.Server.Kill(t)
		require.Contains(t, read(t, o), "\npgbouncer_up 0\n")
		bouncer.Server.Start(t)
		require.Contains(t, read(t, o), "\npgbouncer_up 1\n")
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	server := httptest.NewServer(pgbouncer.Handler(pgbouncer.Options{}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(server.URL + "/")
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Contains(t, string(text), "/metrics", "its first page asks nobody")

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- pgbouncer.Run(ctx, pgbouncer.Options{Listen: "127.0.0.1:0"}) }()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.ErrorContains(t, pgbouncer.Run(t.Context(), pgbouncer.Options{Listen: "127.0.0.1:none"}), "serve the metrics of PgBouncer")
}
