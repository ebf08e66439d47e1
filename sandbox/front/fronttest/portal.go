// Package fronttest gives tests the sandbox's way in: a real nginx with TLS
// before the portal's stand-in, whose stores the test breaks as it likes.
package fronttest

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/front"
	"gatehouse/sandbox/front/portal"
	"gatehouse/sandbox/process"
	"gatehouse/sandbox/process/processtest"
)

// The names that a server answers to unless told otherwise, and who may log in.
const (
	PortalHost = "portal.sandbox.test"
	APIHost    = "api.portal.sandbox.test"
	User       = "smoke-test"
	Password   = "open-sesame"
	Token      = "token-of-the-smoke-tests"
)

// Options change how it is served; the zero value is as production should be.
type Options struct {
	// Hosts are the portal's name and the API's.
	Hosts []string
	// Faults are what nginx does wrong.
	Faults front.Faults
	// Wrap changes what the portal answers; may be nil.
	Wrap func(http.Handler) http.Handler
}

// Server is nginx before the portal.
type Server struct {
	// Address is 127.0.0.1:PORT of HTTPS, Plain that of the redirect, and
	// Upstream that of the portal itself, without nginx.
	Address, Plain, Upstream string
	// PortalURL and APIURL are without a path or a port: see Resolve.
	PortalURL, APIURL string
	// Resolve gives the address of each host and port, as curl's --resolve: by
	// host for HTTPS.
	Resolve map[string]string
	// CA is the PEM file of the authority.
	CA string
	// Stores are the portal's.
	Stores *Stores
	// Config is nginx's.
	Config front.Config

	t       testing.TB
	program *processtest.Program
}

// Portal starts a server that ends with the test. It skips the test in short
// mode, and where nginx is not installed.
func Portal(t testing.TB, o Options) *Server {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs nginx; run make test")
	}
	if _, err := front.Find(); errors.Is(err, data.ErrNotInstalled) {
		t.Skip(err)
	}
	if len(o.Hosts) == 0 {
		o.Hosts = []string{PortalHost, APIHost}
	}
	stores := NewStores()
	handler := portal.New(portal.Options{Stores: stores, User: User, Password: Password, Token: Token, API: o.Hosts[len(o.Hosts)-1]})
	if o.Wrap != nil {
		handler = o.Wrap(handler)
	}
	stub := httptest.NewServer(handler)
	t.Cleanup(stub.Close)

	dir := t.TempDir()
	tester := filepath.Join(dir, "token")
	require.NoError(t, os.WriteFile(tester, []byte(Token), 0o600))
	config := front.Config{
		Dir: dir, Log: filepath.Join(dir, "nginx.log"), TLS: port(t), Plain: port(t), Status: port(t),
		Hosts: o.Hosts, Upstream: stub.Listener.Addr().String(), TesterFile: tester, Faults: o.Faults,
	}
	s := &Server{
		Address: process.Address(config.TLS), Plain: process.Address(config.Plain), Upstream: config.Upstream,
		PortalURL: "https://" + o.Hosts[0], APIURL: "https://" + o.Hosts[len(o.Hosts)-1],
		Resolve: map[string]string{}, CA: front.Authority(dir), Stores: stores, Config: config, t: t,
	}
	for _, host := range o.Hosts {
		s.Resolve[host] = s.Address
	}
	s.start()
	return s
}

func (s *Server) start() {
	s.t.Helper()
	server, err := front.Server(s.Config)
	require.NoError(s.t, err)
	require.NoError(s.t, server.Prepare(s.t.Context()))
	s.program = processtest.Start(s.t, server.Command, "")
	processtest.Await(s.t, "nginx", s.Config.Log, 10*time.Second, server.Healthy)
}

// Break serves with other faults from now on; the zero value mends it. The
// ports stay the same.
func (s *Server) Break(faults front.Faults) {
	s.t.Helper()
	s.program.Stop()
	s.Config.Faults = faults
	if faults.Ends.IsZero() && len(faults.CertificateHosts) == 0 {
		s.renew()
	}
	s.start()
}

// renew has the next start make a new certificate, as the old may be a broken
// one that fits.
func (s *Server) renew() {
	for _, file := range []string{"tls.crt", "tls.key"} {
		_ = os.Remove(filepath.Join(s.Config.Dir, file))
	}
}

// Pause has the server take connections and answer nothing, until Resume.
func (s *Server) Pause() { s.program.Pause() }

// Resume ends a pause.
func (s *Server) Resume() { s.program.Resume() }

// Stop ends nginx; nothing listens any more until Start.
func (s *Server) Stop() { s.program.Stop() }

// Start starts nginx after Stop, on the same ports.
func (s *Server) Start() { s.t.Helper(); s.start() }

// Client reaches every host through the server and trusts its authority. It
// follows no redirects.
func (s *Server) Client() *http.Client {
	s.t.Helper()
	client, err := front.Client(s.CA, s.Address)
	require.NoError(s.t, err)
	return client
}

func port(t testing.TB) int {
	t.Helper()
	port, err := process.FreePort()
	require.NoError(t, err)
	return port
}

// Silent takes connections on loopback and never answers, until the test ends.
// It returns its address.
func Silent(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", process.Address(0))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}
