package database_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

// origin serves an export as object stores do (RFC 9110, 13: ETag, 304).
type origin struct {
	*httptest.Server
	mu      sync.Mutex
	content []byte
	etag    string
	faults  []http.HandlerFunc // one each for the next requests
	asked   []string           // what each request had seen
}

func newOrigin(t *testing.T, content []byte) *origin {
	o := &origin{}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	o.put(content)
	return o
}

func (o *origin) put(content []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.content, o.etag = content, fmt.Sprintf(`"%d-%d"`, len(content), time.Now().UnixNano())
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r.Header.Get("If-None-Match"))
	if len(o.faults) > 0 {
		fault := o.faults[0]
		o.faults = o.faults[1:]
		o.mu.Unlock()
		fault(w, r)
		return
	}
	content, etag := o.content, o.etag
	o.mu.Unlock()
	w.Header().Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func (o *origin) fail(faults ...http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faults = faults
}

func (o *origin) requests() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

func cut(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:len(content)/2])
	}
}

// installer fetches with a clock of its own.
type installer struct {
	database.Options
	now    time.Time
	waited []time.Duration
	log    bytes.Buffer
}

func newInstaller(t *testing.T, source string) *installer {
	i := &installer{now: time.Now()}
	i.Options = database.Options{
		Source: source, Folder: filepath.Join(t.TempDir(), "advisories"), Scratch: t.TempDir(),
		Now: func() time.Time { return i.now }, Random: func() float64 { return 1 },
		Wait: func(_ context.Context, d time.Duration) error { i.waited = append(i.waited, d); return nil },
		Log:  slog.New(slog.NewTextHandler(&i.log, nil)),
	}
	return i
}

// known are the advisories of p@1.0.0, and why they are old.
func (i *installer) known(t *testing.T) (ids []string, stale error) {
	t.Helper()
	f, err := database.Fetch(t.Context(), i.Options)
	require.NoError(t, err)
	for _, v := range find(t, f, advisory.Component{Name: "p", Version: "1.0.0"}).Vulnerabilities {
		ids = append(ids, v.ID)
	}
	require.NoError(t, f.Close())
	return ids, f.Stale
}

func (i *installer) files(t *testing.T) (names []string) {
	t.Helper()
	for _, folder := range []string{i.Folder, i.Scratch} {
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
	}
	return names
}

func exportOf(t require.TestingT, ids ...string) []byte {
	files := fstest.MapFS{}
	for _, id := range ids {
		files[id+".json"] = record(id, "p", "1.0.0")
	}
	return pack(t, files)
}
