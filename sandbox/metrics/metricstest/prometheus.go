// Package metricstest gives tests a real Prometheus and a real Alertmanager of
// their own, which end with the test binary.
package metricstest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/process"
	"gatehouse/sandbox/process/processtest"
)

// startLimit is how long a server may take to be ready.
const startLimit = 20 * time.Second

// Options of a Prometheus.
type Options struct {
	// Rules are rule files by name, without .yaml.
	Rules map[string]string
	// Scrapes are its jobs; it watches itself as the job prometheus besides.
	Scrapes []metrics.Scrape
	// Alertmanager is host:port, "" for none.
	Alertmanager string
	// Interval is how often it scrapes and evaluates; "" is "1s".
	Interval string
}

// PrometheusServer is a Prometheus.
type PrometheusServer struct {
	*server
	// URL of its API, without a path.
	URL    string
	config metrics.Prometheus
}

// Prometheus starts one, which ends with the test. It skips the test in short
// mode, and where Prometheus is not installed.
func Prometheus(t testing.TB, o Options) *PrometheusServer {
	t.Helper()
	dir := t.TempDir()
	if o.Interval == "" {
		o.Interval = "1s"
	}
	port := port(t)
	self := metrics.Scrape{Job: metrics.PrometheusName, Static: []metrics.Static{{Targets: []string{process.Address(port)}}}}
	config := metrics.Prometheus{
		Dir: dir, Log: filepath.Join(dir, "log"), Port: port, Alertmanager: o.Alertmanager, Cluster: "test",
		Interval: o.Interval, Scrapes: append([]metrics.Scrape{self}, o.Scrapes...),
	}
	require.NoError(t, config.Write())
	p := &PrometheusServer{URL: config.URL(), config: config}
	for name, text := range o.Rules {
		p.write(t, name, text)
	}
	made, err := config.Server()
	p.server = launch(t, made, err)
	return p
}

// SetRules writes a rule file, by name without .yaml, and has it read. The
// error quotes why Prometheus refuses it; the file stays.
func (p *PrometheusServer) SetRules(name, text string) error {
	p.t.Helper()
	p.write(p.t, name, text)
	return p.reload(p.URL)
}

// Rules is the folder of its rule files, for whoever writes them by itself.
func (p *PrometheusServer) Rules() string { return p.config.Rules() }

// RemoveRules removes a rule file and has that read.
func (p *PrometheusServer) RemoveRules(name string) {
	p.t.Helper()
	require.NoError(p.t, os.Remove(p.path(name)))
	require.NoError(p.t, metrics.Reload(p.t.Context(), p.URL))
}

// SetScrapes replaces its jobs, all of them, and has that read.
func (p *PrometheusServer) SetScrapes(scrapes ...metrics.Scrape) {
	p.t.Helper()
	p.config.Scrapes = scrapes
	require.NoError(p.t, p.config.Write())
	require.NoError(p.t, metrics.Reload(p.t.Context(), p.URL))
}

// SetAlertmanager points it at another one, host:port, or at none.
func (p *PrometheusServer) SetAlertmanager(address string) {
	p.t.Helper()
	p.config.Alertmanager = address
	require.NoError(p.t, p.config.Write())
	require.NoError(p.t, metrics.Reload(p.t.Context(), p.URL))
}

func (p *PrometheusServer) write(t testing.TB, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(p.path(name), []byte(text), 0o600))
}

func (p *PrometheusServer) path(name string) string {
	return filepath.Join(p.config.Rules(), name+".yaml")
}

// server is what both have in common.
type server struct {
	t       testing.TB
	made    data.Server
	program *processtest.Program
}

func launch(t testing.TB, made data.Server, err error) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs Prometheus and Alertmanager; run make test")
	}
	if errors.Is(err, data.ErrNotInstalled) {
		t.Skip(err)
	}
	require.NoError(t, err)
	s := &server{t: t, made: made}
	s.Start()
	return s
}

// reload returns an error that quotes the log: the answer gives no reason.
func (s *server) reload(url string) error {
	s.t.Helper()
	if err := metrics.Reload(s.t.Context(), url); err != nil {
		return fmt.Errorf("%w; its log ends with:\n%s", err, process.Tail(s.made.Command.Log))
	}
	return nil
}

// Start starts it after Stop or Kill, on the same port with the same files.
func (s *server) Start() {
	s.t.Helper()
	s.program = processtest.Start(s.t, s.made.Command, "")
	processtest.Await(s.t, s.made.Name, s.made.Command.Log, startLimit, s.made.Healthy)
}

// Stop ends it; nothing listens any more.
func (s *server) Stop() { s.program.Stop() }

// Kill ends it as a crash does.
func (s *server) Kill() { s.program.Kill() }

// Pause has it take connections and answer nothing, until Resume.
func (s *server) Pause() { s.program.Pause() }

// Resume ends a pause.
func (s *server) Resume() { s.program.Resume() }

func port(t testing.TB) int {
	t.Helper()
	port, err := process.FreePort()
	require.NoError(t, err)
	return port
}
