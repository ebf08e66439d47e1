// Package npmtest is an npm registry for tests: it serves packages with keys,
// signatures and attestations as registry.npmjs.org does, and lies when it is told
// to.
//
// What a package says is wrong with [Lie]s, how the server answers is wrong with
// [Fault]s. How hostile tarballs are made is plugins/tarball/tarballtest's; reading
// any of it is plugins/npm's.
package npmtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
)

// Published is when a package was published that says nothing of it.
var Published = time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)

// Request is one request that the registry got.
type Request struct {
	// Path is as it was sent: /@backstage%2fplugin-catalog.
	Path string
	// Header is all that came with it.
	Header http.Header
}

// Registry is a running registry. It ends with its test.
type Registry struct {
	// URL is where it answers, http://127.0.0.1:PORT.
	URL *url.URL

	t    testing.TB
	done chan struct{} // closed at the end, so that nothing stalls for longer

	mu       sync.Mutex
	keys     []Key // the first signs
	packages map[string][]*published
	faults   map[string]Fault
	requests []Request
}

// New starts a registry with one key and no package.
func New(t testing.TB) *Registry {
	t.Helper()
	r := &Registry{
		t: t, done: make(chan struct{}), keys: []Key{NewKey(t)},
		packages: map[string][]*published{}, faults: map[string]Fault{},
	}
	server := httptest.NewServer(r)
	at, err := url.Parse(server.URL)
	require.NoError(t, err)
	r.URL = at
	t.Cleanup(func() {
		close(r.done)
		server.Close()
	})
	return r
}

// Publish adds a version of a package, or puts another in its place, and says what
// an installer must be told: its integrity is that of the tarball that is served,
// whatever the document says.
func (r *Registry) Publish(p Package) Publication {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	made := r.make(p)
	all := slices.DeleteFunc(r.packages[p.Name], func(old *published) bool { return old.Ref == made.Ref })
	r.packages[p.Name] = append(all, made)
	return made.Publication
}

// Serve replaces the keys: the first signs what is published from now on, and all
// are served. None is a mirror: it signs nothing and answers 404 for keys.
func (r *Registry) Serve(keys ...Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = keys
}

// Fault lets a path be answered by a fault; nil ends it. [DocumentPath],
// [TarballPath], [AttestationsPath] and [KeysPath] name the paths.
func (r *Registry) Fault(path string, fault Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[path] = fault
}

// Requests are all so far, the oldest first.
func (r *Registry) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// Asked counts the requests for a path.
func (r *Registry) Asked(path string) (n int) {
	for _, request := range r.Requests() {
		if request.Path == path {
			n++
		}
	}
	return n
}

// Document is the package's document as it is served, nil for one that is not
// there.
func (r *Registry) Document(name string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.document(name)
}

func (r *Registry) document(name string) []byte {
	if len(r.packages[name]) == 0 {
		return nil
	}
	versions, times, latest := map[string]any{}, map[string]string{}, plugins.Ref{}
	for _, p := range r.packages[name] {
		versions[p.Ref.Version] = p.document
		times[p.Ref.Version] = p.time.Format("2006-01-02T15:04:05.000Z")
		latest = p.Ref
	}
	content, err := json.Marshal(map[string]any{
		"_id": name, "name": name, "versions": versions, "time": times,
		"dist-tags": map[string]string{"latest": latest.Version},
	})
	if err != nil {
		panic(err) // a test's own fields are no JSON
	}
	return content
}
