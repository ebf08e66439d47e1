package database_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory/database"
)

func TestFetchAsksOnlyForWhatIsNew(t *testing.T) {
	from := newOrigin(t, exportOf(t, "GHSA-1"))
	i := newInstaller(t, from.URL+"/all.zip")
	ids, stale := i.known(t)
	require.NoError(t, stale)
	require.Equal(t, []string{"GHSA-1"}, ids)
	require.Len(t, i.files(t), 2, "the state and the database")

	from.put(exportOf(t, "GHSA-1", "GHSA-2"))
	i.now = i.now.Add(59 * time.Minute)
	ids, _ = i.known(t)
	require.Equal(t, []string{"GHSA-1"}, ids, "it is fresh")
	require.Equal(t, 1, from.requests())

	i.now = i.now.Add(2 * time.Minute)
	ids, _ = i.known(t)
	require.Equal(t, []string{"GHSA-1", "GHSA-2"}, ids)
	i.now = i.now.Add(2 * time.Hour)
	ids, _ = i.known(t)
	require.Equal(t, []string{"GHSA-1", "GHSA-2"}, ids)
	require.Equal(t, 3, from.requests())
	require.Equal(t, from.etag, from.asked[2], "answered with 304")
	ids, _ = i.known(t)
	require.Len(t, ids, 2)
	require.Equal(t, 3, from.requests(), "304 makes it fresh")

	// The one before stays for its readers, those before it go.
	require.Len(t, i.files(t), 3)
	from.put(exportOf(t, "GHSA-3"))
	i.now = i.now.Add(2 * time.Hour)
	ids, _ = i.known(t)
	require.Equal(t, []string{"GHSA-3"}, ids)
	require.Len(t, i.files(t), 3)
}

func TestFetchTriesAgain(t *testing.T) {
	content := exportOf(t, "GHSA-1")
	for name, c := range map[string]struct {
		faults []http.HandlerFunc
		waited []time.Duration
	}{
		"500":      {[]http.HandlerFunc{status(500), status(503), status(408)}, []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}},
		"429":      {[]http.HandlerFunc{status(429, "Retry-After", "7")}, []time.Duration{7 * time.Second}},
		"cut off":  {[]http.HandlerFunc{cut(content), cut(content)}, []time.Duration{2 * time.Second, 4 * time.Second}},
		"longer":   {[]http.HandlerFunc{cut(make([]byte, 4*len(content)))}, []time.Duration{2 * time.Second}},
		"nonsense": {[]http.HandlerFunc{status(429, "Retry-After", "soon")}, []time.Duration{2 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			from := newOrigin(t, content)
			from.fail(c.faults...)
			i := newInstaller(t, from.URL)
			ids, stale := i.known(t)
			require.NoError(t, stale)
			require.Equal(t, []string{"GHSA-1"}, ids)
			require.Equal(t, c.waited, i.waited)
		})
	}
	from := newOrigin(t, content)
	i := newInstaller(t, from.URL)
	i.Idle = 20 * time.Millisecond
	from.fail(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:9])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ids, _ := i.known(t)
	require.Equal(t, []string{"GHSA-1"}, ids)
	require.Len(t, i.waited, 2, "it stood still twice")
}

func TestFetchFailsWithNothingOfBefore(t *testing.T) {
	content := exportOf(t, "GHSA-1")
	for part, fault := range map[string]http.HandlerFunc{
		"tries: 4: ":                          status(500),
		"tries: 1: ":                          status(429, "Retry-After", "3600"),
		"403 Forbidden":                       status(403),
		"404 Not Found":                       status(404),
		"it is no export":                     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"the export has more than the limits": status(200, "Content-Length", "9999999999"),
		"unchanged":                           status(304),
		"redirects more than 5 times":         func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) },
	} {
		from := newOrigin(t, content)
		for range 40 {
			from.faults = append(from.faults, fault)
		}
		i := newInstaller(t, from.URL)
		_, err := database.Fetch(t.Context(), i.Options)
		require.ErrorContains(t, err, part)
		require.Empty(t, i.files(t), part)
	}
	i := newInstaller(t, newOrigin(t, content).URL)
	i.Limits.Download = int64(len(content)) - 1
	_, err := database.Fetch(t.Context(), i.Options)
	require.ErrorIs(t, err, database.ErrTooLarge)
	for source, part := range map[string]string{
		"http://example.com/all.zip": "over http", "https://u:secret@example.com/all.zip": "without a password",
		"s3://bucket/key": "buckets cannot be read here", "ftp://example.com": "not ftp://", "https:///x": "no address",
		filepath.Join(t.TempDir(), "none.zip"): "no such file",
	} {
		_, err := database.Fetch(t.Context(), newInstaller(t, source).Options)
		require.ErrorContains(t, err, part)
		require.NotContains(t, err.Error(), "secret")
	}
}

// What was known before is used, and says so.
func TestFetchFallsBack(t *testing.T) {
	from := newOrigin(t, exportOf(t, "GHSA-1"))
	i := newInstaller(t, from.URL)
	_, stale := i.known(t)
	require.NoError(t, stale)
	bad := pack(t, fstest.MapFS{"GHSA-2.json": {Data: []byte("{")}})
	for part, fault := range map[string]http.HandlerFunc{
		"answered 500": status(500), "answered 403": status(403),
		"GHSA-2.json": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bad) },
	} {
		i.now = i.now.Add(10 * time.Hour)
		from.fail(fault, fault, fault, fault)
		ids, stale := i.known(t)
		require.Equal(t, []string{"GHSA-1"}, ids)
		require.ErrorContains(t, stale, part)
		require.ErrorContains(t, stale, "0h0m0s ago")
		require.Len(t, i.files(t), 2)
	}
	from.fail()
	_, stale = i.known(t)
	require.NoError(t, stale, "it was asked again, since nothing of it was new")

	// Not when nobody waits any more.
	from.fail(status(500))
	i.now = i.now.Add(10 * time.Hour)
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	i.Wait = func(context.Context, time.Duration) error { cancel(gone); return gone }
	_, err := database.Fetch(ctx, i.Options)
	require.ErrorIs(t, err, gone)

	// Nor another source's.
	from.Close()
	i.Source, i.Wait = from.URL+"/other", func(context.Context, time.Duration) error { return nil }
	_, err = database.Fetch(t.Context(), i.Options)
	require.ErrorContains(t, err, "tries: 4")
}
