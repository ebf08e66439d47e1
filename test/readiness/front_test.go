package readiness

import (
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// between is what a front does with a request before the API server has it.
type between func(rw http.ResponseWriter, r *http.Request, next http.Handler)

// later passes everything on after a time, as from afar.
func later(d time.Duration) between {
	return func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-time.After(d):
			next.ServeHTTP(rw, r)
		case <-r.Context().Done():
		}
	}
}

// hang never answers.
func hang(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }

// front stands before an API server until the test ends. It returns a kubeconfig
// that leads through it; whoever uses it is the admin.
func front(t testing.TB, kubeconfig string, do between) string {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	address, err := url.Parse(config.Host)
	require.NoError(t, err)
	behind := httputil.NewSingleHostReverseProxy(address)
	behind.Transport, err = rest.TransportFor(config)
	require.NoError(t, err)
	behind.ErrorHandler = func(rw http.ResponseWriter, _ *http.Request, _ error) { rw.WriteHeader(http.StatusBadGateway) }
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { do(rw, r, behind) }))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	through := api.NewConfig()
	through.Clusters["front"] = &api.Cluster{
		Server:                   server.URL,
		CertificateAuthorityData: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	}
	through.AuthInfos["admin"] = &api.AuthInfo{}
	through.Contexts["front"] = &api.Context{Cluster: "front", AuthInfo: "admin"}
	through.CurrentContext = "front"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*through, path))
	return path
}

// warm uses the network once.
func warm() {
	if listener, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = listener.Close()
	}
}
