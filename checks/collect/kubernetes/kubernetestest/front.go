package kubernetestest

import (
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const tick = 50 * time.Millisecond

// Front stands before the API server and passes on what the reader asks, unless
// it is told to answer otherwise.
type Front struct {
	server *httptest.Server
	mu     sync.Mutex
	answer map[string]http.HandlerFunc
}

func newFront(t *testing.T, config *rest.Config) *Front {
	t.Helper()
	address, err := url.Parse(config.Host)
	require.NoError(t, err)
	behind := httputil.NewSingleHostReverseProxy(address)
	// Not the admin's transport: it would make an admin of the reader.
	behind.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // its own machine
	f := &Front{answer: map[string]http.HandlerFunc{}}
	f.server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if answer := f.find(r.URL.Path); answer != nil {
			answer(rw, r)
			return
		}
		behind.ServeHTTP(rw, r)
	}))
	f.server.EnableHTTP2 = true
	f.server.StartTLS()
	t.Cleanup(func() {
		f.server.CloseClientConnections()
		f.server.Close()
		behind.Transport.(*http.Transport).CloseIdleConnections()
	})
	return f
}

func (f *Front) find(path string) http.HandlerFunc {
	f.mu.Lock()
	defer f.mu.Unlock()
	for part, answer := range f.answer {
		if strings.Contains(path, part) {
			return answer
		}
	}
	return nil
}

// Answer has every path that contains part answered by a handler until undo is
// called.
func (f *Front) Answer(part string, answer http.HandlerFunc) (undo func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer[part] = answer
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.answer, part)
	}
}

// Hang lets every path that contains part wait for as long as the reader does,
// until the test ends.
func (f *Front) Hang(t *testing.T, part string) {
	t.Helper()
	t.Cleanup(f.Answer(part, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
}

// kubeconfig is one that leads through the front.
func (f *Front) kubeconfig(t *testing.T, token string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubeconfig")
	config := api.NewConfig()
	config.Clusters["front"] = &api.Cluster{
		Server:                   f.server.URL,
		CertificateAuthorityData: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.server.Certificate().Raw}),
	}
	config.AuthInfos["reader"] = &api.AuthInfo{Token: token}
	config.Contexts["front"] = &api.Context{Cluster: "front", AuthInfo: "reader"}
	config.CurrentContext = "front"
	require.NoError(t, clientcmd.WriteToFile(*config, path))
	return path
}
