// Package portal is the sandbox's stand-in for the developer portal: the
// documents that the guides ask for, over stores that are really asked. It
// serves plain HTTP; TLS, headers and limits are nginx's, in package front.
//
// Nothing here is the portal that users get. What it says of the database and
// the cache is true all the same.
package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Stores is what the portal keeps its data in.
type Stores interface {
	// Database returns nil when the database answers.
	Database(ctx context.Context) error
	// Cache returns nil when the cache answers.
	Cache(ctx context.Context) error
	// Plugins lists the plugins that the database knows, by name.
	Plugins(ctx context.Context) ([]Plugin, error)
	// Remember keeps a session's token in the cache, Known looks for it.
	Remember(ctx context.Context, token string, lasts time.Duration) error
	Known(ctx context.Context, token string) (bool, error)
}

// Plugin is one row of the guide's table plugins.
type Plugin struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Options of the portal.
type Options struct {
	Stores Stores
	// User and Password may log in; Token is the smoke tests' own and never
	// ends. An empty one lets nobody in.
	User, Password, Token string
	// API is the host name of the API, for the address that GitHub sends people
	// back to.
	API string
}

// The services that answer, as the labels of metrics and the rules over them
// name them.
const (
	Frontend  = "portal-frontend"
	Backend   = "backstage-backend"
	Websocket = "websocket"
)

// askLimit is how long a store may take to answer.
const askLimit = 2 * time.Second

// New returns the portal.
func New(o Options) http.Handler {
	m := newMetrics()
	mux := http.NewServeMux()
	frontend := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, m.count(Frontend, pattern, h)) }
	backend := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, m.count(Backend, pattern, h)) }

	frontend("GET /{$}", page)
	frontend("GET /api/health", o.health)
	frontend("GET /health", o.health)
	backend("GET /healthcheck", o.health)
	backend("GET /v1/plugins", o.authenticated(o.plugins))
	backend("POST /auth/login", o.login)
	backend("GET /auth/github/start", o.githubStart)
	mux.Handle("GET /socket.io/", m.count(Websocket, "GET /socket.io/", m.echo))
	mux.Handle("GET /metrics", m.all())
	mux.Handle("GET /metrics/{service}", m.one())
	frontend("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "there is no such page") })
	return mux
}

// home is the guide's home page, as far as its smoke test looks.
const home = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Developer portal</title></head>
<body><h1>Developer portal</h1><p>The sandbox's stand-in.</p></body></html>
`

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(home))
}

// answer writes a JSON document.
func answer(w http.ResponseWriter, code int, document any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(document)
}

// refuse writes the guide's shape of an error.
func refuse(w http.ResponseWriter, code int, why string) {
	answer(w, code, map[string]any{"success": false, "error": why})
}
