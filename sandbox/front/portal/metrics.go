package portal

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/websocket"
)

// metrics are those that the alert rules and dashboards read, a registry a
// service: each is a target of its own to Prometheus.
type metrics struct {
	registries map[string]*prometheus.Registry
	requests   map[string]*prometheus.CounterVec
	durations  map[string]*prometheus.HistogramVec
	open       prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registries: map[string]*prometheus.Registry{},
		requests:   map[string]*prometheus.CounterVec{}, durations: map[string]*prometheus.HistogramVec{},
		open: prometheus.NewGauge(prometheus.GaugeOpts{Name: "websocket_connections", Help: "Open WebSocket connections."}),
	}
	labels := []string{"method", "route", "status"}
	for _, service := range []string{Frontend, Backend, Websocket} {
		registry := prometheus.NewRegistry()
		requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests that were answered."}, labels)
		durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "How long answers took.", Buckets: prometheus.DefBuckets,
		}, labels)
		registry.MustRegister(requests, durations)
		m.registries[service], m.requests[service], m.durations[service] = registry, requests, durations
	}
	m.registries[Websocket].MustRegister(m.open)
	return m
}

// count measures the requests of a route.
func (m *metrics) count(service, pattern string, next http.HandlerFunc) http.Handler {
	_, route, found := strings.Cut(pattern, " ")
	if !found {
		route = pattern
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		seen := &statusWriter{ResponseWriter: w, code: http.StatusOK}
		next(seen, r)
		labels := prometheus.Labels{"method": r.Method, "route": route, "status": strconv.Itoa(seen.code)}
		m.requests[service].With(labels).Inc()
		m.durations[service].With(labels).Observe(time.Since(begin).Seconds())
	})
}

// echo is a WebSocket server that says what it hears.
func (m *metrics) echo(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		refuse(w, http.StatusUpgradeRequired, "this is a WebSocket server")
		return
	}
	w.(*statusWriter).code = http.StatusSwitchingProtocols
	websocket.Server{Handler: func(c *websocket.Conn) {
		m.open.Inc()
		defer m.open.Dec()
		c.MaxPayloadBytes = 64 << 10
		for {
			var text string
			if websocket.Message.Receive(c, &text) != nil || websocket.Message.Send(c, text) != nil {
				return
			}
		}
	}}.ServeHTTP(w.(*statusWriter).ResponseWriter, r)
}

// one serves the metrics of one service.
func (m *metrics) one() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		registry, known := m.registries[r.PathValue("service")]
		if !known {
			http.NotFound(w, r)
			return
		}
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}

// all serves those of all services, told apart by a label.
func (m *metrics) all() http.Handler {
	whole := prometheus.NewRegistry()
	for service := range m.registries {
		labelled := prometheus.WrapRegistererWith(prometheus.Labels{"service": service}, whole)
		labelled.MustRegister(m.requests[service], m.durations[service])
	}
	whole.MustRegister(m.open)
	return promhttp.HandlerFor(whole, promhttp.HandlerOpts{})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap gives [http.ResponseController] the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
