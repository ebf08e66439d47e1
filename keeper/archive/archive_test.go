package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/keepertest"
	"gatehouse/sandbox/sandboxtest"
)

// noise is content that does not compress, the same at every run.
func noise(size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(content)
	return content
}

func TestUploadArrivesWholeAndEncrypted(t *testing.T) {
	a, client := keepertest.Bucket(t)
	for name, size := range map[string]int{"empty": 0, "one part": 5 << 10, "just one part": 32 << 20, "three parts": 64<<20 + 7} {
		t.Run(name, func(t *testing.T) {
			content := noise(size)
			object, err := a.Upload(t.Context(), name, iotest.HalfReader(bytes.NewReader(content)))
			require.NoError(t, err)
			require.EqualValues(t, size, object.Bytes)
			require.NoError(t, a.Check(t.Context(), object))

			reader, err := a.Open(t.Context(), object)
			require.NoError(t, err)
			defer reader.Close()
			got, err := io.ReadAll(reader)
			require.NoError(t, err)
			require.True(t, bytes.Equal(content, got))
		})
	}
	require.Len(t, keepertest.Keys(t, client, a.Bucket), 4)
}

func TestDocumentsAreNeverOverwritten(t *testing.T) {
	a, _ := keepertest.Bucket(t)
	object, err := a.Put(t.Context(), "document", []byte("first"))
	require.NoError(t, err)
	require.NoError(t, a.Check(t.Context(), object))
	_, err = a.Put(t.Context(), "document", []byte("second"))
	require.ErrorContains(t, err, "the key is taken")
	text, err := a.Get(t.Context(), "document")
	require.NoError(t, err)
	require.Equal(t, "first", string(text))
	_, err = a.Get(t.Context(), "other")
	require.ErrorIs(t, err, archive.ErrNotFound)
}

// The source ends badly, at any place: nothing is left, and its own words are
// the error.
func TestUploadLeavesNothingOfABrokenSource(t *testing.T) {
	a, client := keepertest.Bucket(t)
	broken := errors.New("pg_dump: killed")
	for _, size := range []int{0, 1000, 32 << 20, 32<<20 + 1} {
		_, err := a.Upload(t.Context(), "dump", io.MultiReader(bytes.NewReader(noise(size)), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := a.Upload(ctx, "dump", io.MultiReader(bytes.NewReader(noise(32<<20)), readerFunc(func([]byte) (int, error) {
		cancel() // told to stop in the middle
		return 0, ctx.Err()
	})))
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, keepertest.Keys(t, client, a.Bucket))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestRefusalsSayWhatToDo(t *testing.T) {
	a, _ := keepertest.Bucket(t)
	gone := *a
	gone.Bucket = "there-is-no-such-bucket"
	_, err := gone.Upload(t.Context(), "dump", strings.NewReader("x"))
	require.ErrorContains(t, err, "correct the name of the bucket")
	_, err = gone.List(t.Context(), "")
	require.ErrorContains(t, err, "correct the name of the bucket")

	for _, c := range []struct {
		name, want string
		fault      func(http.ResponseWriter, *http.Request) bool
	}{
		{"refused", "let the role of the service account use the bucket", refuse(http.StatusForbidden, "<Error><Code>AccessDenied</Code></Error>", "partNumber")},
		{"part fails", "500", refuse(http.StatusInternalServerError, "", "partNumber")},
		{"completion fails", "500", refuse(http.StatusInternalServerError, "", "complete")},
		{"stalls", "S3 did not answer in time", stall("partNumber")},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, direct := keepertest.Bucket(t)
			faulty := archive.New(keepertest.S3(proxy(t, c.fault)), a.Bucket, a.KeyARN)
			faulty.Limit = 2 * time.Second
			_, err := faulty.Upload(t.Context(), "dump", strings.NewReader("content"))
			require.ErrorContains(t, err, c.want)
			require.Empty(t, keepertest.Keys(t, direct, a.Bucket), "nothing is left")
		})
	}
}

// What S3 holds is not what was sent.
func TestCheckFindsDamage(t *testing.T) {
	a, client := keepertest.Bucket(t)
	for name, change := range map[string]func([]byte) []byte{
		"cut off": func(content []byte) []byte { return content[:len(content)-1] },
		"flipped": func(content []byte) []byte { content[10] ^= 1; return content },
	} {
		t.Run(name, func(t *testing.T) {
			object, err := a.Upload(t.Context(), name, bytes.NewReader(noise(1000)))
			require.NoError(t, err)
			keepertest.Overwrite(t, client, a.Bucket, name, change)
			require.ErrorContains(t, a.Check(t.Context(), object), "make a new backup")

			reader, err := a.Open(t.Context(), object)
			require.NoError(t, err)
			defer reader.Close()
			_, err = io.ReadAll(reader)
			require.ErrorContains(t, err, "use another backup")
		})
	}
	object, err := a.Put(t.Context(), "key", []byte("x"))
	require.NoError(t, err)
	other := *a
	other.KeyARN = "arn:aws:kms:us-west-2:123456789012:key/other"
	require.ErrorContains(t, other.Check(t.Context(), object), "instead of the key "+other.KeyARN)
}

// A download that breaks off is no end of the object.
func TestDownloadThatBreaksOff(t *testing.T) {
	a, _ := keepertest.Bucket(t)
	object, err := a.Upload(t.Context(), "dump", bytes.NewReader(noise(1<<20)))
	require.NoError(t, err)
	faulty := archive.New(keepertest.S3(proxy(t, func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "1048576")
		_, _ = w.Write(noise(1 << 19))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})), a.Bucket, a.KeyARN)
	reader, err := faulty.Open(t.Context(), object)
	require.NoError(t, err)
	defer reader.Close()
	_, err = io.ReadAll(reader)
	require.ErrorContains(t, err, "it is cut off")
}

// proxy stands before the emulator; what fault answers does not reach it.
func proxy(t *testing.T, fault func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	target, err := url.Parse(sandboxtest.AWS(t))
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !fault(w, r) {
			forward.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func refuse(status int, body, what string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !about(r, what) {
			return false
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func stall(what string) func(http.ResponseWriter, *http.Request) bool {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if !about(r, what) {
			return false
		}
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not see the client leave
		<-r.Context().Done()
		return true
	}
}

// about tells parts and the completion of an upload from other requests.
func about(r *http.Request, what string) bool {
	query := r.URL.Query()
	if what == "complete" {
		return r.Method == http.MethodPost && query.Has("uploadId")
	}
	return query.Has(what)
}
