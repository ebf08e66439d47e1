// Package awstest stands between a collector and the AWS emulator, as a real
// HTTP proxy that can refuse, hang, throttle, break or answer single actions: so
// tests see what AWS does on its bad days, and what the emulator does not have.
//
// It makes no judgement and creates no resources.
package awstest

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Server is a proxy before an emulator.
type Server struct {
	// URL is its own endpoint.
	URL string

	forward http.Handler
	mu      sync.Mutex
	rules   []*entry
	calls   map[string]int
	ended   chan struct{}
}

// Rule handles a call that it was set for. Forward passes it on.
type Rule func(w http.ResponseWriter, r *http.Request, call Call, forward http.Handler)

type entry struct {
	pattern string
	rule    Rule
}

// Proxy starts a proxy before upstream, until the test ends.
func Proxy(t testing.TB, upstream string) *Server {
	t.Helper()
	to, err := url.Parse(upstream)
	require.NoError(t, err)
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	s := &Server{calls: map[string]int{}, ended: make(chan struct{})}
	reverse := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(to)
			p.Out.Host = p.In.Host
		},
		Transport: transport,
		// A caller that gave up is not the upstream's failure.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	s.forward = reverse
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(listener) }()
	t.Cleanup(func() {
		close(s.ended)
		_ = server.Close()
		<-served
		transport.CloseIdleConnections()
	})
	s.URL = "http://" + listener.Addr().String()
	return s
}

// Set makes rule handle the calls of a pattern until the test t ends: an action
// as IAM writes it ("rds:DescribeDBInstances"), a service ("rds:*") or all ("*").
// The rule set last wins.
func (s *Server) Set(t testing.TB, pattern string, rule Rule) {
	t.Helper()
	e := &entry{pattern, rule}
	s.mu.Lock()
	s.rules = append(s.rules, e)
	s.mu.Unlock()
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i := range s.rules {
			if s.rules[i] == e {
				s.rules = append(s.rules[:i:i], s.rules[i+1:]...)
				return
			}
		}
	})
}

// Calls counts the calls of an action so far, repeated ones too; "*" is all.
func (s *Server) Calls(action string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[action]
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := callOf(r)
	s.mu.Lock()
	s.calls[call.String()]++
	s.calls["*"]++
	var rule Rule
	for i := len(s.rules) - 1; i >= 0 && rule == nil; i-- {
		if p := s.rules[i].pattern; p == "*" || p == call.Service+":*" || p == call.String() {
			rule = s.rules[i].rule
		}
	}
	s.mu.Unlock()
	if rule == nil {
		s.forward.ServeHTTP(w, r)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() { // a hanging call ends with the proxy
		select {
		case <-s.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	rule(w, r.WithContext(ctx), call, s.forward)
}
