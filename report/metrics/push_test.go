package metrics_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/metrics"
	"gatehouse/report/readiness"
)

var address = regexp.MustCompile(`address=(127\.0\.0\.1:\d+)`)

// pushgateway starts a real one and returns its URL.
func pushgateway(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("prometheus-pushgateway")
	if testing.Short() || err != nil {
		t.Skip("prometheus-pushgateway is not installed, or -short")
	}
	server := exec.CommandContext(t.Context(), program, "--web.listen-address=127.0.0.1:0")
	said, err := server.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return "http://" + found[1]
		}
	}
	require.FailNow(t, "the Pushgateway ended before it listened")
	return ""
}

func read(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

func TestALaterRunTakesThePlaceOfTheOneBefore(t *testing.T) {
	gateway := pushgateway(t)
	other := example()
	other.Environment = "production/eu" // what a path cannot hold
	run := example()
	require.NoError(t, metrics.Push(t.Context(), gateway, other, nil))
	require.NoError(t, metrics.Push(t.Context(), gateway+"/", run, http.DefaultClient))
	got := read(t, gateway)
	before := `{environment="staging",instance="",item="DB-2",job="gatehouse_readiness",overlay="none",section="Database Systems",severity="high",verdict="FAIL"} 1`
	require.Contains(t, series(got, metrics.Item), before)
	require.Contains(t, series(got, metrics.Ready), `{environment="staging",instance="",job="gatehouse_readiness"} 0`)

	run.Items[1].Verdict, run.Expiring, run.Policies = readiness.Pass, nil, nil
	require.NoError(t, metrics.Push(t.Context(), gateway, run, nil))
	got = read(t, gateway)
	require.NotContains(t, series(got, metrics.Item), before, "no verdict stays that an item no longer has")
	require.Contains(t, series(got, metrics.Item), `{environment="staging",instance="",item="DB-2",job="gatehouse_readiness",overlay="none",section="Database Systems",severity="high",verdict="PASS"} 1`)
	require.Len(t, series(got, metrics.StatementExpiry), 2, "those of the other environment alone")
	require.Contains(t, series(got, metrics.Failed), `{environment="production/eu",instance="",job="gatehouse_readiness"} 1`)
}

func TestWhatDoesNotTakeThePush(t *testing.T) {
	answer := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("pushed metrics are invalid"))
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"broken":     {answer(http.StatusInternalServerError), "unexpected status code 500"},
		"refuses":    {answer(http.StatusBadRequest), "pushed metrics are invalid"},
		"redirected": {answer(http.StatusFound), "unexpected status code 302"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			err := metrics.Push(t.Context(), server.URL, example(), server.Client())
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "push metrics of staging to "+server.URL)
		})
	}
	server := httptest.NewServer(answer(http.StatusOK))
	server.Close()
	require.ErrorContains(t, metrics.Push(t.Context(), server.URL, example(), nil), "connection refused")
}

func TestAPushgatewayThatHangs(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := metrics.Push(ctx, server.URL, example(), nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "push metrics of staging to "+server.URL)
}

func TestThePasswordIsSentAndNotTold(t *testing.T) {
	var user, password string
	status := http.StatusAccepted
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ = r.BasicAuth()
		w.WriteHeader(status)
	}))
	defer server.Close()
	at := "http://ada:hunter2@" + server.Listener.Addr().String()
	require.NoError(t, metrics.Push(t.Context(), at, example(), nil))
	require.Equal(t, "ada hunter2", user+" "+password)

	status = http.StatusUnauthorized
	for _, wrong := range []string{at, "http://ada:hunter2@127.0.0.1:1", "ftp://ada:hunter2@host", "http://ada:hunter2@", "http://ada:hunter2@%zz"} {
		err := metrics.Push(t.Context(), wrong, example(), nil)
		require.Error(t, err, wrong)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, wrong := range []string{"", "pushgateway:9091", "/metrics", "ftp://host", "http://"} {
		require.ErrorContains(t, metrics.Push(t.Context(), wrong, example(), nil), "is no URL", wrong)
	}
}

func TestARunThatCannotBeSaidIsNotPushed(t *testing.T) {
	run := example()
	run.Items[0].ID = "\xff"
	require.ErrorContains(t, metrics.Push(t.Context(), "http://127.0.0.1:1", run, nil), "push metrics: make metric gatehouse_readiness_item")
}
