package fronttest_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/websocket"

	"gatehouse/sandbox/front"
	"gatehouse/sandbox/front/fronttest"
)

// answer is a response whose body was read.
type answer struct {
	StatusCode int
	Header     http.Header
	Proto      string
	TLS        *tls.ConnectionState
}

func get(t *testing.T, s *fronttest.Server, url string, headers ...string) (answer, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.Client().Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, response.Proto, response.TLS}, string(body)
}

func TestTheGuidesDocuments(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	home, body := get(t, s, s.PortalURL)
	require.Equal(t, http.StatusOK, home.StatusCode)
	require.Contains(t, home.Header.Get("Content-Type"), "text/html")
	require.Contains(t, body, "Developer portal")

	for _, url := range []string{s.PortalURL + "/api/health", s.APIURL + "/health", s.APIURL + "/healthcheck"} {
		health, body := get(t, s, url)
		require.Equal(t, http.StatusOK, health.StatusCode)
		require.JSONEq(t, `{"status":"healthy","services":{"database":"connected","cache":"connected"}}`, body)
	}
	s.Stores.BreakCache(errors.New("gone"))
	health, body := get(t, s, s.APIURL+"/healthcheck")
	require.Equal(t, http.StatusServiceUnavailable, health.StatusCode)
	require.JSONEq(t, `{"status":"unhealthy","services":{"database":"connected","cache":"disconnected"}}`, body)
	s.Stores.BreakCache(nil)

	open, _ := get(t, s, s.APIURL+"/v1/plugins")
	require.Equal(t, http.StatusUnauthorized, open.StatusCode)
	wrong, _ := get(t, s, s.APIURL+"/v1/plugins", "Authorization", "Bearer wrong")
	require.Equal(t, http.StatusUnauthorized, wrong.StatusCode)
	plugins, body := get(t, s, s.APIURL+"/v1/plugins", "Authorization", "Bearer "+fronttest.Token)
	require.Equal(t, http.StatusOK, plugins.StatusCode)
	require.JSONEq(t, `{"success":true,"data":{"plugins":[{"name":"catalog","version":"1.15.0"}]}}`, body)
	s.Stores.SetPlugins()
	_, body = get(t, s, s.APIURL+"/v1/plugins", "Authorization", "Bearer "+fronttest.Token)
	require.JSONEq(t, `{"success":true,"data":{"plugins":[]}}`, body, "an empty list, not null")

	hidden, _ := get(t, s, s.APIURL+"/metrics")
	require.Equal(t, http.StatusNotFound, hidden.StatusCode, "metrics are not for everybody")
}

func TestLogin(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	login := func(user, password string) (int, string) {
		body, err := json.Marshal(map[string]string{"username": user, "password": password})
		require.NoError(t, err)
		response, err := s.Client().Post(s.APIURL+"/auth/login", "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		defer response.Body.Close()
		var document struct{ Token string }
		require.NoError(t, json.NewDecoder(response.Body).Decode(&document))
		return response.StatusCode, document.Token
	}
	code, token := login(fronttest.User, fronttest.Password)
	require.Equal(t, http.StatusOK, code)
	require.NotEmpty(t, token)
	plugins, _ := get(t, s, s.APIURL+"/v1/plugins", "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusOK, plugins.StatusCode)
	code, token = login(fronttest.User, "wrong")
	require.Equal(t, http.StatusUnauthorized, code)
	require.Empty(t, token)

	start, _ := get(t, s, s.APIURL+"/auth/github/start?env=production")
	require.Equal(t, http.StatusFound, start.StatusCode)
	require.Contains(t, start.Header.Get("Location"), "https://github.com/login/oauth/authorize?")
	require.Contains(t, start.Header.Get("Location"), "state=")
	require.Contains(t, start.Header.Get("Set-Cookie"), "HttpOnly; Secure")
}

func TestHeadersAreOnEveryAnswer(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	for _, path := range []string{"/", "/nowhere", "/v1/plugins", "/auth/github/start", "/metrics"} {
		response, _ := get(t, s, s.APIURL+path)
		require.Equal(t, "max-age=31536000; includeSubDomains", response.Header.Get("Strict-Transport-Security"), path)
		require.NotEmpty(t, response.Header.Get("Content-Security-Policy"), path)
		require.Equal(t, "DENY", response.Header.Get("X-Frame-Options"), path)
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "nginx", response.Header.Get("Server"), path)
	}
	plain, err := front.Client(s.CA, s.Plain)
	require.NoError(t, err)
	response, err := plain.Get("http://" + fronttest.PortalHost + "/a?b=c")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusPermanentRedirect, response.StatusCode)
	require.Equal(t, "https://"+fronttest.PortalHost+"/a?b=c", response.Header.Get("Location"))
	require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
	require.Empty(t, response.Header.Get("Strict-Transport-Security"), "RFC 6797 forbids it over plain HTTP")
}

func TestABurstIsLimitedButNotTheTesters(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	count := func(headers ...string) (limited int) {
		client := s.Client()
		client.Transport.(*http.Transport).DisableKeepAlives = false
		defer client.CloseIdleConnections()
		for range 120 {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.APIURL+"/healthcheck", nil)
			require.NoError(t, err)
			for i := 0; i < len(headers); i += 2 {
				request.Header.Set(headers[i], headers[i+1])
			}
			response, err := client.Do(request)
			require.NoError(t, err)
			_, _ = io.Copy(io.Discard, response.Body)
			require.NoError(t, response.Body.Close())
			if response.StatusCode == http.StatusTooManyRequests {
				limited++
			}
		}
		return limited
	}
	require.Positive(t, count())
	require.Zero(t, count("Authorization", "Bearer "+fronttest.Token))
	s.Break(front.Faults{NoLimit: true})
	require.Zero(t, count())
}

func TestLargeBodiesAreRefused(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	response, err := s.Client().Post(s.APIURL+"/auth/login", "application/json", strings.NewReader(strings.Repeat("x", 11<<20)))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("Strict-Transport-Security"))
}

func TestWebSocketsPass(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	config, err := websocket.NewConfig("wss://"+fronttest.PortalHost+"/socket.io/", s.PortalURL)
	require.NoError(t, err)
	plain, err := tls.Dial("tcp", s.Address, &tls.Config{
		ServerName: fronttest.PortalHost, RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	require.NoError(t, err)
	defer func() { _ = plain.Close() }()
	connection, err := websocket.NewClient(config, plain)
	require.NoError(t, err)
	require.NoError(t, websocket.Message.Send(connection, "hello"))
	var heard string
	require.NoError(t, websocket.Message.Receive(connection, &heard))
	require.Equal(t, "hello", heard)
}

func TestFaultsAreServedAndMended(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	headers := func(path string) http.Header {
		response, _ := get(t, s, s.APIURL+path)
		return response.Header
	}
	leaf := func() time.Duration {
		response, _ := get(t, s, s.APIURL+"/healthcheck")
		return time.Until(response.TLS.PeerCertificates[0].NotAfter)
	}
	s.Break(front.Faults{QuietErrors: true})
	require.NotEmpty(t, headers("/").Get("Strict-Transport-Security"))
	require.Empty(t, headers("/nowhere").Get("Strict-Transport-Security"))
	s.Break(front.Faults{ReportOnly: true, NoHSTS: true, Versions: true})
	require.Empty(t, headers("/").Get("Content-Security-Policy"))
	require.NotEmpty(t, headers("/").Get("Content-Security-Policy-Report-Only"))
	require.Empty(t, headers("/").Get("Strict-Transport-Security"))
	require.Contains(t, headers("/").Get("Server"), "nginx/")
	s.Break(front.Faults{HSTSSeconds: 300})
	require.Contains(t, headers("/").Get("Strict-Transport-Security"), "max-age=300;")
	s.Break(front.Faults{Ends: time.Now().Add(48 * time.Hour)})
	require.Less(t, leaf(), 49*time.Hour)
	s.Break(front.Faults{CertificateHosts: []string{"other.sandbox.test"}})
	err := ask(s.Client(), s.APIURL)
	require.ErrorContains(t, err, "certificate is valid for other.sandbox.test")
	s.Break(front.Faults{Protocols: "TLSv1.3"})
	version := func(v uint16) error {
		connection, err := tls.Dial("tcp", s.Address, &tls.Config{
			ServerName: fronttest.APIHost, MinVersion: v, MaxVersion: v,
			RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
		})
		if err == nil {
			_ = connection.Close()
		}
		return err
	}
	require.Error(t, version(tls.VersionTLS12))
	s.Break(front.Faults{})
	require.NoError(t, version(tls.VersionTLS12))
	require.NoError(t, version(tls.VersionTLS13))
	require.Error(t, version(tls.VersionTLS11))
	require.Greater(t, leaf(), 80*24*time.Hour)
	require.NotEmpty(t, headers("/nowhere").Get("Strict-Transport-Security"))
}

func TestOldTLSCanBeOffered(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{Faults: front.Faults{Protocols: "TLSv1 TLSv1.1 TLSv1.2", Ciphers: "ALL:@SECLEVEL=0"}})
	connection, err := tls.Dial("tcp", s.Address, &tls.Config{
		ServerName: fronttest.APIHost, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10,
		RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	require.NoError(t, err)
	require.NoError(t, connection.Close())
}

func TestPauseStopAndStart(t *testing.T) {
	s := fronttest.Portal(t, fronttest.Options{})
	s.Pause()
	client := s.Client()
	client.Timeout = 100 * time.Millisecond
	err := ask(client, s.APIURL)
	require.ErrorContains(t, err, "Timeout")
	s.Resume()
	get(t, s, s.APIURL)
	s.Stop()
	err = ask(s.Client(), s.APIURL)
	require.ErrorContains(t, err, "connection refused")
	s.Start()
	get(t, s, s.APIURL)
}

// ask is the error of asking.
func ask(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}
