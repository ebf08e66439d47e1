package npm_test

import (
	"context"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

var one = npmtest.Package{Name: "one", Version: "1.0.0"}

func TestWhatPassesIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fault  npmtest.Fault
		waited []time.Duration
	}{
		"500":                         {npmtest.Failing(3, http.StatusInternalServerError), []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}},
		"503":                         {npmtest.Failing(1, http.StatusServiceUnavailable), []time.Duration{250 * time.Millisecond}},
		"408":                         {npmtest.Failing(1, http.StatusRequestTimeout), []time.Duration{250 * time.Millisecond}},
		"429 with seconds":            {npmtest.Limited(2, "7"), []time.Duration{7 * time.Second, 7 * time.Second}},
		"429 with a date":             {npmtest.Limited(1, npmtest.Published.Add(9*time.Second).Format(http.TimeFormat)), []time.Duration{9 * time.Second}},
		"429 with a date gone by":     {npmtest.Limited(1, npmtest.Published.Add(-time.Hour).Format(http.TimeFormat)), []time.Duration{250 * time.Millisecond}},
		"429 with nonsense":           {npmtest.Limited(1, "soon"), []time.Duration{250 * time.Millisecond}},
		"429 with less than nothing":  {npmtest.Limited(1, "-9"), []time.Duration{250 * time.Millisecond}},
		"cut off":                     {npmtest.Cut(2, 40), []time.Duration{250 * time.Millisecond, 500 * time.Millisecond}},
		"cut off before it has begun": {npmtest.Cut(1, 0), []time.Duration{250 * time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			registry := npmtest.New(t)
			published := registry.Publish(one)
			registry.Fault("/one", c.fault)
			client, waited := client(t, registry)
			_, err := client.Manifest(t.Context(), published.Ref)
			require.NoError(t, err)
			require.Equal(t, c.waited, *waited)
		})
	}
}

// A second try of a tarball begins anew, and not behind what came of the first.
func TestATarballThatBreaksOffIsFetchedAnew(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one)
	registry.Fault(npmtest.TarballPath(published.Ref), npmtest.Cut(2, len(published.Tarball)-1))
	c, waited := client(t, registry)
	tarball, err := c.Fetch(t.Context(), published.Ref, published.Integrity)
	require.NoError(t, err)
	require.Equal(t, published.Tarball, read(t, tarball))
	require.Len(t, *waited, 2)

	// Nor in front of what is left of a first that was longer.
	var asked atomic.Bool
	registry.Fault(npmtest.TarballPath(published.Ref), npmtest.Answering(func(w http.ResponseWriter, _ *http.Request) {
		if !asked.Swap(true) {
			w.Header().Set("Content-Length", "99999")
			_, _ = w.Write(make([]byte, 9999))
			return
		}
		_, _ = w.Write(published.Tarball)
	}))
	tarball, err = c.Fetch(t.Context(), published.Ref, published.Integrity)
	require.NoError(t, err)
	require.Equal(t, published.Tarball, read(t, tarball))

	registry.Fault(npmtest.TarballPath(published.Ref), npmtest.Cut(99, 40))
	_, err = c.Fetch(t.Context(), published.Ref, published.Integrity)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.ErrorContains(t, err, "the answer broke off")

	// Half a document is no wrong document.
	registry.Fault("/one", npmtest.Cut(99, 40))
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.NotErrorIs(t, err, npm.ErrInvalid)
}

func TestWhatDoesNotPassIsUnknown(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one)
	registry.Fault("/one", npmtest.Failing(99, http.StatusBadGateway))
	c, waited := client(t, registry)
	_, err := c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.ErrorContains(t, err, "tries: 4: "+registry.URL.Host+" answered 502 Bad Gateway")
	require.Len(t, *waited, 3)

	registry.Fault("/one", npmtest.Limited(99, "3600"))
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.ErrorContains(t, err, "asks to wait for 1h0m0s")
	require.Len(t, *waited, 3, "nobody waits for that")

	registry.Fault("/one", npmtest.Limited(99, "99999999999999999"))
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)

	never, waited := client(t, registry, func(o *npm.Options) { o.Retries = -1 })
	registry.Fault("/one", npmtest.Failing(1, http.StatusBadGateway))
	_, err = never.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.Empty(t, *waited)

	gone, _ := client(t, registry, func(o *npm.Options) { o.Registry.Host = "127.0.0.1:1" })
	_, err = gone.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.ErrorContains(t, err, "refused")
}

func TestARefusalIsNotTriedAgain(t *testing.T) {
	for code, want := range map[int]error{
		http.StatusUnauthorized: npm.ErrDenied, http.StatusForbidden: npm.ErrDenied, http.StatusPaymentRequired: npm.ErrDenied,
		http.StatusUnavailableForLegalReasons: npm.ErrDenied, http.StatusNotFound: npm.ErrNotFound, http.StatusGone: npm.ErrNotFound,
		http.StatusBadRequest: npm.ErrInvalid, http.StatusNoContent: npm.ErrInvalid, http.StatusNotModified: npm.ErrInvalid,
	} {
		registry := npmtest.New(t)
		published := registry.Publish(one)
		registry.Fault("/one", npmtest.Failing(99, code))
		c, waited := client(t, registry)
		_, err := c.Manifest(t.Context(), published.Ref)
		require.ErrorIs(t, err, want, code)
		require.Empty(t, *waited, code)
	}
}

func TestAStallEndsInTime(t *testing.T) {
	for _, sent := range []int{0, 30} {
		registry := npmtest.New(t)
		published := registry.Publish(one)
		registry.Fault("/one", npmtest.Stalled(sent))
		c, waited := client(t, registry, func(o *npm.Options) { o.Limits.Each = 50 * time.Millisecond })
		_, err := c.Manifest(t.Context(), published.Ref)
		require.ErrorIs(t, err, npm.ErrUnreachable)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "that is the caller's alone")
		require.ErrorContains(t, err, "no whole answer within 50ms")
		require.Len(t, *waited, 3)

		// The caller's end is the end.
		ctx, cancel := context.WithCancel(t.Context())
		asked := make(chan struct{})
		stalled := npmtest.Stalled(sent)
		registry.Fault("/one", func(end <-chan struct{}, well http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(asked)
				stalled(end, well).ServeHTTP(w, r)
			})
		})
		go func() {
			<-asked
			cancel()
		}()
		patient, _ := client(t, registry, func(o *npm.Options) { o.Retries = -1 })
		_, err = patient.Manifest(ctx, published.Ref)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, npm.ErrUnreachable)
	}
}

func TestLimitsHold(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one)
	size := int64(len(registry.Document("one")))
	c, _ := client(t, registry, func(o *npm.Options) { o.Limits.Document = size })
	_, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err, "as large as it may be")

	c, _ = client(t, registry, func(o *npm.Options) { o.Limits.Document = size - 1 })
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrTooLarge)
	registry.Fault("/one", npmtest.Endless())
	registry.Fault(npmtest.KeysPath, npmtest.Endless())
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrTooLarge)
	require.NotErrorIs(t, err, npm.ErrInvalid, "it may be right")
	_, err = c.Keys(t.Context())
	require.ErrorIs(t, err, npm.ErrTooLarge)

	registry.Fault("/one", nil)
	folder := t.TempDir()
	for _, fault := range []npmtest.Fault{nil, npmtest.Endless()} {
		registry.Fault(npmtest.TarballPath(published.Ref), fault)
		c, waited := client(t, registry, func(o *npm.Options) { o.Limits.Tarball, o.Folder = int64(len(published.Tarball)-1), folder })
		_, err = c.Fetch(t.Context(), published.Ref, published.Integrity)
		require.ErrorIs(t, err, npm.ErrTooLarge)
		require.Empty(t, *waited)
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}
