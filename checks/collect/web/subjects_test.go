package web_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/web"
	"gatehouse/checks/evidence"
)

func TestOldVersionsOfTLS(t *testing.T) {
	at := serve(t, http.NotFoundHandler(), func(s *httptest.Server) {
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{
			tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_128_CBC_SHA,
		}}
	})
	hosts, problems := read(t.Context(), t, at, evidence.TLSHosts, web.Options{})
	require.Empty(t, problems)
	require.Len(t, hosts, 2)
	require.Equal(t, []string{"TLS 1.0", "TLS 1.1", "TLS 1.2"}, hosts[0].Accepted)
	require.Equal(t, []string{"TLS 1.3"}, hosts[0].Refused)
	require.Equal(t, []string{"TLS_RSA_WITH_AES_128_CBC_SHA"}, hosts[0].WeakCiphers)
	require.True(t, hosts[0].CiphersTried)
	require.Empty(t, hosts[0].Untrusted)

	at.Portal = "https://other.test"
	at.Resolve["other.test"] = at.Resolve["example.com"]
	hosts, _ = read(t.Context(), t, at, evidence.TLSHosts, web.Options{})
	require.Contains(t, hosts[0].Untrusted, "not other.test")
}

func TestOneHostOfTwoIsKept(t *testing.T) {
	at := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"status":"healthy","services":{"database":"connected","cache":3}}`))
	}), nil)
	closed := raw(t, func(c net.Conn) { _ = c.Close() })
	at.Resolve["example.com"] = strings.TrimPrefix(closed.Portal, "https://")
	documents, problems := read(t.Context(), t, at, evidence.WebHealth, web.Options{})
	require.Equal(t, map[evidence.Kind]bool{evidence.Unreachable: true}, kinds(problems))
	require.Equal(t, []evidence.HealthDocument{{
		URL: "https://api.example.com/healthcheck", Status: 200, ContentType: "text/plain; charset=utf-8", JSON: true,
		State: "healthy", Services: map[string]string{"database": "connected", "cache": ""}, API: true,
	}}, documents)
}

func TestPlainHTTP(t *testing.T) {
	at := serve(t, http.NotFoundHandler(), nil)
	said, problems := read(t.Context(), t, at, evidence.PlainAnswers, web.Options{})
	require.Empty(t, problems)
	require.Equal(t, http.StatusBadRequest, said[0].Status, "Go's TLS port answers so")

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	at.Resolve["example.com:80"] = listener.Addr().String()
	delete(at.Resolve, "api.example.com:80")
	said, problems = read(t.Context(), t, at, evidence.PlainAnswers, web.Options{})
	require.Equal(t, []evidence.PlainAnswer{{Host: "example.com", Closed: true}}, said)
	require.Equal(t, map[evidence.Kind]bool{evidence.NotConfigured: true}, kinds(problems))
}

func TestTheBurstIsBounded(t *testing.T) {
	var asked atomic.Int32
	at := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) { asked.Add(1) }), nil)
	burst, problems := read(t.Context(), t, at, evidence.WebBurst, web.Options{Burst: 73})
	require.Empty(t, problems)
	require.EqualValues(t, 73, asked.Load())
	require.Equal(t, 73, burst.Sent)
	require.Equal(t, 73, burst.Served)
	_, problems = read(t.Context(), t, at, evidence.WebBurst, web.Options{NoBurst: true})
	require.Equal(t, map[evidence.Kind]bool{evidence.NotConfigured: true}, kinds(problems))
	require.EqualValues(t, 73, asked.Load())
}

func TestSecretsGoNowhereElse(t *testing.T) {
	var elsewhere atomic.Int32
	at := secrets(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Host, "other") {
			elsewhere.Add(1)
		}
		// It sends back what it was sent, where it hurts most.
		w.Header().Set("Location", "https://other.example.com/?state="+r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusFound)
		_, _ = w.Write([]byte(r.Header.Get("Authorization")))
	}), nil))
	at.Resolve["other.example.com"] = at.Resolve["example.com"]
	for _, query := range queries {
		value, problems := readAny(t.Context(), t, at, query, web.Options{Burst: 5, Samples: 2})
		text, err := json.Marshal(value)
		require.NoError(t, err)
		require.NotContains(t, string(text)+fmt.Sprint(problems), token, query)
	}
	require.Zero(t, elsewhere.Load(), "redirects are not followed")
}

func TestTimings(t *testing.T) {
	at := secrets(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" && r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}), nil))
	timings, problems := read(t.Context(), t, at, evidence.WebTimings, web.Options{Samples: 3})
	require.Empty(t, problems)
	require.Len(t, timings, 2)
	for _, timing := range timings {
		require.Len(t, timing.Samples, 3)
		for _, s := range timing.Samples {
			require.Equal(t, 200, s.Status)
			require.Positive(t, s.Connect)
			require.Less(t, s.Connect, s.TLS)
			require.Less(t, s.TLS, s.FirstByte)
			require.LessOrEqual(t, s.FirstByte, s.Total)
		}
	}
}
