package metricstest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/metrics"
)

// AlertmanagerServer is an Alertmanager.
type AlertmanagerServer struct {
	*server
	// URL of its API, without a path; Address the same as host:port.
	URL, Address string
	config       metrics.Alertmanager
}

// Alertmanager starts one with a configuration, or with one that tells nobody
// when it is "". It ends with the test. Receivers must be loopback ones: see
// [NewSink]. It skips the test as [Prometheus] does.
func Alertmanager(t testing.TB, configuration string) *AlertmanagerServer {
	t.Helper()
	dir := t.TempDir()
	config := metrics.Alertmanager{Dir: dir, Log: filepath.Join(dir, "log"), Port: port(t)}
	require.NoError(t, config.Write())
	a := &AlertmanagerServer{URL: config.URL(), Address: strings.TrimPrefix(config.URL(), "http://"), config: config}
	if configuration != "" {
		a.write(t, configuration)
	}
	made, err := config.Server()
	a.server = launch(t, made, err)
	return a
}

// SetConfig replaces its configuration and has it read. The error quotes why
// Alertmanager refuses it.
func (a *AlertmanagerServer) SetConfig(configuration string) error {
	a.t.Helper()
	a.write(a.t, configuration)
	return a.reload(a.URL)
}

// File is its configuration, for whoever writes it by itself.
func (a *AlertmanagerServer) File() string { return a.config.File() }

func (a *AlertmanagerServer) write(t testing.TB, configuration string) {
	t.Helper()
	require.NoError(t, os.WriteFile(a.config.File(), []byte(configuration), 0o600))
}

// Sink takes whatever receivers are sent, on loopback.
type Sink struct {
	// URL is what receivers point at.
	URL string

	mu    sync.Mutex
	paths []string
}

// NewSink starts one, which ends with the test.
func NewSink(t testing.TB) *Sink {
	t.Helper()
	s := &Sink{}
	listening := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.paths = append(s.paths, r.URL.Path)
	}))
	t.Cleanup(listening.Close)
	s.URL = listening.URL
	return s
}

// Paths are those of all requests so far.
func (s *Sink) Paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.paths...)
}

// Silent takes connections on loopback and never answers, until the test ends.
// It returns an URL.
func Silent(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return "http://" + listener.Addr().String()
}
