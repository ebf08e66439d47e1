package web_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/web"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "a-token-that-nobody-may-see"

// queries are all that a collector reads.
var queries = []evidence.Name{
	evidence.WebReach.Name(), evidence.TLSHosts.Name(), evidence.PlainAnswers.Name(), evidence.WebPages.Name(),
	evidence.WebHealth.Name(), evidence.WebTimings.Name(), evidence.WebUnauthenticated.Name(), evidence.WebBurst.Name(),
	evidence.WebLoginStart.Name(), evidence.SmokeHomepage.Name(), evidence.SmokeHealth.Name(),
	evidence.SmokePlugins.Name(), evidence.SmokeLogin.Name(),
}

// secrets are a target with a token and a password.
func secrets(t *testing.T, at target.Web) target.Web {
	t.Setenv("TEST_SMOKE_SECRET", token)
	at.Token, at.User, at.Password = target.Secret{Env: "TEST_SMOKE_SECRET"}, "tester", target.Secret{Env: "TEST_SMOKE_SECRET"}
	return at
}

// serve starts a TLS server and returns a target for it. Plain HTTP goes to the
// same port.
func serve(t *testing.T, handler http.Handler, change func(*httptest.Server)) target.Web {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	if change != nil {
		change(server)
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(ca, text, 0o600))
	address := server.Listener.Addr().String()
	return target.Web{
		Portal: "https://example.com", API: "https://api.example.com", CA: ca,
		Resolve: map[string]string{"example.com": address, "api.example.com": address, "example.com:80": address, "api.example.com:80": address},
	}
}

// raw starts a server whose connections are handled by hand.
func raw(t *testing.T, handle func(net.Conn)) target.Web {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			handle(connection)
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return target.Web{Portal: "https://" + listener.Addr().String()}
}

func read[T any](ctx context.Context, t *testing.T, at target.Web, q evidence.Query[T], o web.Options) (T, []evidence.Problem) {
	t.Helper()
	value, problems := readAny(ctx, t, at, q.Name(), o)
	got, _ := value.(T)
	return got, problems
}

func readAny(ctx context.Context, t *testing.T, at target.Web, name evidence.Name, o web.Options) (any, []evidence.Problem) {
	t.Helper()
	c, err := web.New(ctx, at, o)
	require.NoError(t, err)
	defer c.Close()
	for _, reader := range c.Readers() {
		if reader.Name == name {
			require.NotEmpty(t, reader.Statement)
			value, err := reader.Read(ctx)
			return value, evidence.Problems(err)
		}
	}
	require.FailNow(t, "no reader", name)
	return nil, nil
}

// kinds are the problems', each once.
func kinds(problems []evidence.Problem) map[evidence.Kind]bool {
	all := map[evidence.Kind]bool{}
	for _, p := range problems {
		all[p.Kind] = true
	}
	return all
}

func TestTargetsThatCannotBeUsed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(empty, []byte("none"), 0o600))
	for wanted, at := range map[string]target.Web{
		"web.portal: it is not set":                   {},
		"web.portal: it is no URL":                    {Portal: "http://portal.example.com"},
		"web.api: it is no URL such as":               {Portal: "https://portal.example.com", API: "https://me:secret@api"},
		"no such file":                                {Portal: "https://portal.example.com", CA: "/nowhere/ca.pem"},
		"holds no PEM certificate":                    {Portal: "https://portal.example.com", CA: empty},
		"web.portal: missing protocol scheme":         {Portal: "://"},
		"web.portal: invalid character \" \" in host": {Portal: "https://a b"},
	} {
		_, err := web.New(t.Context(), at, web.Options{})
		require.ErrorContains(t, err, wanted)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestEveryQueryHasAReader(t *testing.T) {
	c, err := web.New(t.Context(), secrets(t, target.Web{Portal: "https://portal.example.com"}), web.Options{})
	require.NoError(t, err)
	var names []evidence.Name
	for _, r := range c.Readers() {
		names = append(names, r.Name)
		require.Equal(t, evidence.Web, r.Source)
	}
	require.ElementsMatch(t, queries, names)
	who, err := c.Identity(t.Context())
	require.NoError(t, err)
	require.Equal(t, "anonymous, with a bearer token, and as tester", who)
	c.Close()
}

// TestServersThatMisbehave asks everything of servers that answer wrongly: no
// query hangs, passes for read, or shows a secret.
func TestServersThatMisbehave(t *testing.T) {
	held := make(chan net.Conn, 1000)
	t.Cleanup(func() {
		close(held)
		for c := range held {
			_ = c.Close()
		}
	})
	for name, c := range map[string]struct {
		at   target.Web
		kind evidence.Kind
	}{
		"silent":    {raw(t, func(c net.Conn) { held <- c }), evidence.TimedOut},
		"garbage":   {raw(t, func(c net.Conn) { _, _ = c.Write([]byte(strings.Repeat("garbage ", 100))); held <- c }), evidence.Invalid},
		"hangs up":  {raw(t, func(c net.Conn) { _ = c.Close() }), evidence.Unreachable},
		"resets":    {raw(t, func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() }), evidence.Unreachable},
		"untrusted": {serve(t, http.NotFoundHandler(), nil), evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			at := secrets(t, c.at)
			if name == "untrusted" {
				at.CA = ""
			}
			for _, query := range queries {
				if query == evidence.PlainAnswers.Name() || name == "untrusted" && query == evidence.TLSHosts.Name() {
					continue // they are told apart below
				}
				ctx, cancel := t.Context(), func() {}
				if name == "silent" {
					ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
				}
				value, problems := readAny(ctx, t, at, query, web.Options{Burst: 5})
				cancel()
				require.Equal(t, map[evidence.Kind]bool{c.kind: true}, kinds(problems), "%s: %v", query, problems)
				text, err := json.Marshal(value)
				require.NoError(t, err)
				require.NotContains(t, string(text)+fmt.Sprint(problems), token)
			}
		})
	}
}

func TestCancelledInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	at := secrets(t, serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel(errors.New("the run was ended"))
		<-r.Context().Done()
	}), nil))
	_, problems := read(ctx, t, at, evidence.SmokePlugins, web.Options{})
	require.Equal(t, map[evidence.Kind]bool{evidence.Cancelled: true}, kinds(problems))
}

func TestThrottled(t *testing.T) {
	var asked atomic.Int32
	at := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "0")
		if r.URL.Path == "/" && asked.Add(1) > 2 {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!DOCTYPE html>"))
			return
		}
		w.WriteHeader(http.StatusTooManyRequests)
	}), nil)
	home, problems := read(t.Context(), t, at, evidence.SmokeHomepage, web.Options{})
	require.Empty(t, problems, "a limit that passes is waited for")
	require.True(t, home.HTML)
	_, problems = read(t.Context(), t, at, evidence.SmokeHealth, web.Options{})
	require.Equal(t, map[evidence.Kind]bool{evidence.Throttled: true}, kinds(problems))
}

func TestBodiesAreBounded(t *testing.T) {
	at := secrets(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/": // an endless page
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		case "/healthcheck": // drips
			w.WriteHeader(http.StatusOK)
			for {
				select {
				case <-r.Context().Done():
					return
				case <-time.After(20 * time.Millisecond):
					_, _ = w.Write([]byte(" "))
					w.(http.Flusher).Flush()
				}
			}
		case "/v1/plugins":
			_, _ = w.Write([]byte(`{"success":true,"data":{"plugins":["` + strings.Repeat("x", 2<<20) + `"]}}`))
		case "/auth/github/start":
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		}
	}), nil))
	home, problems := read(t.Context(), t, at, evidence.SmokeHomepage, web.Options{})
	require.Empty(t, problems)
	require.Equal(t, 1<<20, home.Bytes)

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, problems = read(ctx, t, at, evidence.SmokeHealth, web.Options{})
	require.Equal(t, map[evidence.Kind]bool{evidence.TimedOut: true}, kinds(problems))

	listing, problems := read(t.Context(), t, at, evidence.SmokePlugins, web.Options{})
	require.Empty(t, problems)
	require.False(t, listing.Success, "half a document is none")

	_, problems = read(t.Context(), t, at, evidence.WebLoginStart, web.Options{})
	require.Len(t, problems, 1, "headers are bounded")
}
