package npm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// DefaultRegistry is the public one.
const DefaultRegistry = "https://registry.npmjs.org"

// Options are what a client works with. Every zero value is a good one.
type Options struct {
	// Registry is the registry's address, with its path if it has one;
	// [DefaultRegistry] by default. A password in it is refused: use Token.
	Registry *url.URL
	// HTTP makes the requests; how it follows redirects is set here.
	// [http.DefaultTransport] by default.
	HTTP *http.Client
	// Token is asked for at every request, since tokens are renewed. It is sent to
	// the registry's own origin alone and never logged. "" is none.
	Token func() string
	// Cache keeps tarballs; none by default.
	Cache Cache
	// Log is told of what a cache got wrong and the registry made good; nothing by
	// default.
	Log *slog.Logger
	// Limits bound what is read.
	Limits Limits
	// Retries is how often a request that may succeed later is repeated: 3 by
	// default, negative for never.
	Retries int
	// Folder is where tarballs are while they are read; [os.TempDir] by default.
	Folder string
	// Now, Wait and Random (0 ≤ x < 1) are the clock and the chance of the waits
	// between tries; the real ones by default.
	Now    func() time.Time
	Wait   func(context.Context, time.Duration) error
	Random func() float64
}

// Limits bound what is read from a registry. Zero is the default.
type Limits struct {
	// Document bounds each answer that is JSON, in bytes: 64 MiB, since a document
	// has every version of its package.
	Document int64
	// Tarball bounds a tarball as it is sent, in bytes: 128 MiB.
	Tarball int64
	// Each bounds one try of one request, to the last byte: 1 minute.
	Each time.Duration
}

// Client asks one registry. It may be used by many at once.
type Client struct {
	registry *url.URL
	http     *http.Client
	options  Options
}

// New makes a client. Nothing is asked yet.
func New(o Options) (*Client, error) {
	if o.Registry == nil {
		o.Registry, _ = url.Parse(DefaultRegistry)
	}
	if err := checkAddress(o.Registry); err != nil {
		return nil, fmt.Errorf("use the registry: %w", err)
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	if o.Token == nil {
		o.Token = func() string { return "" }
	}
	if o.Cache == nil {
		o.Cache = none{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	o.Retries = cmp.Or(o.Retries, 3)
	o.Limits.Document = cmp.Or(o.Limits.Document, 64<<20)
	o.Limits.Tarball = cmp.Or(o.Limits.Tarball, 128<<20)
	o.Limits.Each = cmp.Or(o.Limits.Each, time.Minute)
	if min(o.Limits.Document, o.Limits.Tarball) < 0 || o.Limits.Each < 0 {
		return nil, errors.New("use the registry: a limit is below zero; leave it out for the default")
	}
	c := &Client{registry: o.Registry, options: o}
	own := *o.HTTP
	own.CheckRedirect, own.Jar = c.redirect, nil
	c.http = &own
	return c, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
