package run

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Kubelet is how the API server reaches the nodes, for logs.
type Kubelet struct {
	// CA is a file: who signs the API server's client certificate.
	CA string
	// Certificate and Key are the files that the nodes show.
	Certificate, Key string
	// Client is the common name of the API server's certificate; nobody else is
	// answered.
	Client string
}

// Serve answers the API server on listener until ctx ends, when it returns ctx's
// error.
func (h *Host) Serve(ctx context.Context, listener net.Listener, k Kubelet) error {
	authority, err := os.ReadFile(k.CA)
	if err != nil {
		return fmt.Errorf("read who may ask for logs: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	certificate, err := tls.LoadX509KeyPair(k.Certificate, k.Key)
	if err != nil {
		return fmt.Errorf("read the nodes' certificate: %w", err)
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{certificate}, ClientCAs: pool, MinVersion: tls.VersionTLS12,
		ClientAuth: tls.RequireAndVerifyClientCert,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", h.serveLogs)
	return serve(ctx, listener, config, only(k.Client, mux))
}

// only answers one client.
func only(name string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 || r.TLS.VerifiedChains[0][0].Subject.CommonName != name {
			http.Error(w, "only the API server is answered", http.StatusForbidden)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

func (h *Host) serveLogs(w http.ResponseWriter, r *http.Request) {
	options, err := parseOptions(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name := types.NamespacedName{Namespace: r.PathValue("namespace"), Name: r.PathValue("pod")}
	path, ended, err := h.log(r.Context(), name, r.PathValue("container"))
	if options.Previous {
		path = previous(path)
	}
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("there is no log of %s: it has not started, or only pretends to run", r.PathValue("container")), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	if err := copyLog(r.Context(), flushing{w}, path, options, ended); err != nil && !errors.Is(err, errFull) {
		fmt.Fprintln(w, err) // the answer has begun
	}
}

// log finds a container's log. ended is closed when no more will be written: a pod
// that no longer runs here has left its log.
func (h *Host) log(ctx context.Context, name types.NamespacedName, container string) (path string, ended <-chan struct{}, err error) {
	if p := h.find(name); p != nil {
		return p.logPath(container), p.ended(container), nil
	}
	found, err := h.Client.CoreV1().Pods(name.Namespace).Get(ctx, name.Name, metav1.GetOptions{})
	if err != nil {
		return "", nil, err
	}
	closed := make(chan struct{})
	close(closed)
	return logPath(h.folder(found.UID), container), closed, nil
}

func logPath(folder, container string) string {
	return filepath.Join(folder, "containers", filepath.Base(container), "log")
}

// flushing sends each write at once.
type flushing struct{ http.ResponseWriter }

func (f flushing) Write(text []byte) (int, error) {
	n, err := f.ResponseWriter.Write(text)
	_ = http.NewResponseController(f.ResponseWriter).Flush()
	return n, err
}

// serve is an HTTP server until ctx ends, when it returns ctx's error.
func serve(ctx context.Context, listener net.Listener, config *tls.Config, handler http.Handler) error {
	server := &http.Server{Handler: handler, TLSConfig: config, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	var err error
	if config == nil {
		err = server.Serve(listener)
	} else {
		err = server.ServeTLS(listener, "", "")
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	}
	return ctx.Err()
}
