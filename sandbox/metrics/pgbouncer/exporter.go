// Package pgbouncer is an exporter of PgBouncer's console, as a process of the
// sandbox. Its metrics have the names of prometheuscommunity/pgbouncer-exporter,
// which environments run, because rules and dashboards read those; the exporter
// that distributions bring has others.
//
// How it becomes a part of a sandbox is package metrics'.
package pgbouncer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Options of the exporter.
type Options struct {
	// Listen is where it serves, host:port.
	Listen string
	// Address is host:port of PgBouncer, Console the database that is its
	// console.
	Address, Console string
	// User is one of its stats_users, with the password in PasswordFile.
	User, PasswordFile string
	// CA is a PEM file; the server is verified against it.
	CA string
}

const (
	// askLimit is how long PgBouncer may take to answer a scrape: less than
	// Prometheus waits, so that it learns of it from pgbouncer_up.
	askLimit = 3 * time.Second
	// headerLimit, idleLimit and endLimit are the server's own.
	headerLimit = 10 * time.Second
	idleLimit   = time.Minute
	endLimit    = 2 * time.Second
)

// Run serves /metrics until ctx ends. It returns ctx's error then. A PgBouncer
// that is down shows in the metrics.
func Run(ctx context.Context, o Options) error {
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("serve the metrics of PgBouncer: %w", err)
	}
	server := &http.Server{Handler: Handler(o), ReadHeaderTimeout: headerLimit, IdleTimeout: idleLimit}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
		defer cancel()
		_ = server.Shutdown(limited)
		_ = server.Close()
	})
	err = server.Serve(listener)
	if !stop() {
		<-ended
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the metrics of PgBouncer: %w", err)
	}
	return ctx.Err()
}

// Handler answers GET /metrics with what the console says at that moment, and
// GET / without asking it.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("metrics are at /metrics\n")) })
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), askLimit)
		defer cancel()
		registry := prometheus.NewRegistry()
		registry.MustRegister(scrape{ctx, o})
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
	return mux
}
