package httpapi_test

import (
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/httpapi"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server with one answer, and returns a client of it.
func serve(t *testing.T, answer http.HandlerFunc) *httpapi.Client {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c, err := httpapi.New(target.HTTP{URL: server.URL + "/"})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func ask(ctx context.Context, c *httpapi.Client) (string, []evidence.Problem) {
	var into struct{ Word string }
	err := c.JSON(ctx, "/api", &into)
	return into.Word, evidence.Problems(err)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://sign-in.example.com")
		w.WriteHeader(code)
	}
}

func TestWhyNot(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   evidence.Kind
	}{
		"sign in first":   {status(302), evidence.Denied},
		"no token":        {status(401), evidence.Denied},
		"may not":         {status(403), evidence.Denied},
		"not there":       {status(404), evidence.Unsupported},
		"too often":       {status(429), evidence.Throttled},
		"broken":          {status(500), evidence.Failed},
		"starting":        {status(503), evidence.Unreachable},
		"gateway waited":  {status(504), evidence.TimedOut},
		"garbage":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, evidence.Invalid},
		"another type":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"Word":5}`) }, evidence.Invalid},
		"breaks off":      {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"Word":"a`) }, evidence.Unreachable},
		"nothing":         {func(http.ResponseWriter, *http.Request) {}, evidence.Unreachable},
		"drops the line":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, evidence.Unreachable},
		"without an end":  {endless, evidence.Invalid},
		"promises a long": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99") }, evidence.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := ask(t.Context(), serve(t, test.answer))
			require.Len(t, problems, 1)
			require.Equal(t, test.want, problems[0].Kind, problems[0].Message)
			require.Contains(t, problems[0].Message, "/api")
		})
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	block := `{"Word":"` + strings.Repeat("x", 1<<20)
	for {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
		block = strings.Repeat("x", 1<<20)
	}
}

func TestAHangingServerKeepsNobody(t *testing.T) {
	release := make(chan struct{})
	c := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, problems := ask(ctx, c)
	require.Equal(t, evidence.TimedOut, problems[0].Kind)
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	_, problems = ask(cancelled, c)
	require.Equal(t, evidence.Cancelled, problems[0].Kind)
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(status(200))
	server.Close()
	c, err := httpapi.New(target.HTTP{URL: server.URL})
	require.NoError(t, err, "a server that is down is no reason not to begin")
	_, problems := ask(t.Context(), c)
	require.Equal(t, evidence.Unreachable, problems[0].Kind)
}

func TestToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("s3cret\n"), 0o600))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(w, `{"Word":"in"}`)
	}))
	defer server.Close()
	for _, test := range []struct {
		token target.Secret
		word  string
		kind  evidence.Kind
	}{
		{target.Secret{File: path}, "in", ""},
		{target.Secret{}, "", evidence.Denied},
		{target.Secret{File: path + "-none"}, "", evidence.NotConfigured},
	} {
		c, err := httpapi.New(target.HTTP{URL: server.URL, Token: test.token})
		require.NoError(t, err)
		word, problems := ask(t.Context(), c)
		c.Close()
		require.Equal(t, test.word, word)
		if test.kind != "" {
			require.Equal(t, test.kind, problems[0].Kind)
			require.NotContains(t, problems[0].Message, "s3cret")
		}
	}
}

func TestCertificate(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Word":"in"}`)
	}))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(ca, text, 0o600))
	trusting, err := httpapi.New(target.HTTP{URL: server.URL, CA: ca})
	require.NoError(t, err)
	defer trusting.Close()
	word, problems := ask(t.Context(), trusting)
	require.Empty(t, problems)
	require.Equal(t, "in", word)
	for _, url := range []string{server.URL, strings.Replace(server.URL, "https", "http", 1)} {
		c, err := httpapi.New(target.HTTP{URL: url})
		require.NoError(t, err)
		_, problems = ask(t.Context(), c)
		c.Close()
		require.NotEmpty(t, problems, url)
	}
}

func TestTargetsThatAreNone(t *testing.T) {
	for name, wrong := range map[string]target.HTTP{
		"no scheme":      {URL: "prometheus:9090"},
		"a file":         {URL: "file:///etc/passwd"},
		"a password":     {URL: "https://me:secret@prometheus"},
		"no CA":          {URL: "https://prometheus", CA: "/nowhere.pem"},
		"a CA of no use": {URL: "https://prometheus", CA: "/dev/null"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := httpapi.New(wrong)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "me:secret")
		})
	}
}
