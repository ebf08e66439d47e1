// Package pipelinetest is what the tests of pipelines share: a build, and a server
// that fails when it is told to. What each service answers is its own test's.
package pipelinetest

import (
	"context"
	"crypto/sha512"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/rest"
)

// Build is the build of one plugin; another attempt has another token.
func Build(t testing.TB, attempt string) pipeline.Build {
	t.Helper()
	b, err := pipeline.NewBuild([]pipeline.Plugin{Plugin("@acme/plugin-one")}, "registry.example/backstage@sha256:00", "production", "plugins-1", attempt)
	require.NoError(t, err)
	return b
}

// Plugin is version 1.2.3 of a package.
func Plugin(name string) pipeline.Plugin {
	return pipeline.Plugin{Ref: plugins.Ref{Name: name, Version: "1.2.3"}, Integrity: plugins.IntegrityOf(sha512.Sum512([]byte(name)))}
}

// Token is the [Caller]'s.
const Token = "secret"

// Caller asks with the token and does not wait.
func Caller() rest.Caller {
	return rest.Caller{
		Token: func() string { return Token },
		Wait:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// Open opens a service's pipeline by options that a test has changed.
func Open[O, P any](t testing.TB, open func(O) (P, error), options O, changes []func(*O)) P {
	t.Helper()
	for _, change := range changes {
		if change != nil {
			change(&options)
		}
	}
	p, err := open(options)
	require.NoError(t, err)
	return p
}

// StartsOnce starts a build twice: that is one request and one run.
func StartsOnce(t testing.TB, s *Server, p pipeline.Pipeline, b pipeline.Build, want pipeline.RunID) {
	t.Helper()
	for range 2 {
		id, err := p.Start(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, want, id)
	}
	require.Equal(t, 1, s.Count(http.MethodPost))
}

// Say answers with a value as JSON.
func Say(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

// Fault answers one request in a service's place, or makes the service's answer lost.
type Fault struct {
	// Method is the method of the requests that it is for; "" for any.
	Method string
	// Times is how many requests it is for.
	Times int
	// Status and Header are the answer; Body its content.
	Status int
	Header http.Header
	Body   string
	// Lose lets the service do what was asked, and breaks the connection.
	Lose bool
	// Stall answers nothing until the client has gone.
	Stall bool
}

// Server is a service.
type Server struct {
	URL *url.URL

	mu       sync.Mutex
	faults   []Fault
	requests []string
}

// New starts a service that ends with the test.
func New(t testing.TB, service http.Handler) *Server {
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, service) }))
	t.Cleanup(server.Close)
	var err error
	s.URL, err = url.Parse(server.URL)
	require.NoError(t, err)
	return s
}

// Fail adds a fault.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Mend takes all faults back.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Requests are what was asked: METHOD PATH.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.requests...)
}

// Count is how many requests had this method.
func (s *Server) Count(method string) int {
	n := 0
	for _, each := range s.Requests() {
		if len(each) > len(method) && each[:len(method)] == method {
			n++
		}
	}
	return n
}

func (s *Server) next(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	for i := range s.faults {
		if f := &s.faults[i]; f.Times > 0 && (f.Method == "" || f.Method == r.Method) {
			f.Times--
			return *f, true
		}
	}
	return Fault{}, false
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, service http.Handler) {
	f, faulty := s.next(r)
	switch {
	case !faulty:
		service.ServeHTTP(w, r)
	case f.Lose:
		service.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case f.Stall:
		// The server sees that the client has gone only when the request was read.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	default:
		for name, values := range f.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body))
	}
}
