// Package web reads what an environment's portal and API serve, as any client on
// the internet sees it: TLS, headers, health documents, times, and the guide's
// smoke tests. One file a subject.
//
// What the answers mean is for the judges. Nothing here writes to the portal;
// the one burst of requests is bounded and can be left out.
package web

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"

	"golang.org/x/sync/semaphore"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Options are how much is asked. The zero value means the defaults.
type Options struct {
	// Burst is how many requests at most look for the rate limit: 300.
	Burst int
	// NoBurst leaves them out; then nothing is known of the rate limit.
	NoBurst bool
	// Samples are how often each time is taken: 20.
	Samples int
}

func (o Options) orDefault() Options {
	if o.Burst == 0 {
		o.Burst = 300
	}
	if o.Samples == 0 {
		o.Samples = 20
	}
	return o
}

// Collector reads one environment. Make it with [New] and end it with
// [Collector.Close].
type Collector struct {
	target  target.Web
	options Options
	// portal and api have no path. They may be the same.
	portal, api *url.URL
	roots       *x509.CertPool
	client      *client
	// quiet is held whole by the burst, so that its answers, and the others', are
	// not mixed up: a portal may limit both together.
	quiet *semaphore.Weighted
}

// everybody is the weight that the burst takes; others take one.
const everybody = 1 << 20

// subjects make the readers of each subject: one line a file.
var subjects = []func(*Collector) []evidence.Reader{
	readersOfReach,
	readersOfTLS,
	readersOfPlain,
	readersOfPages,
	readersOfHealth,
	readersOfTimings,
	readersOfAccess,
	readersOfLogin,
	readersOfSmoke,
}

// New makes a collector. It does not connect: a reader does, and fails when
// nobody answers. An error means that the target cannot be used.
func New(_ context.Context, at target.Web, o Options) (*Collector, error) {
	c := &Collector{target: withPaths(at), options: o.orDefault(), quiet: semaphore.NewWeighted(everybody)}
	if at.API == "" {
		at.API = at.Portal
	}
	var err error
	if c.portal, err = base("portal", at.Portal); err != nil {
		return nil, err
	}
	if c.api, err = base("api", at.API); err != nil {
		return nil, err
	}
	if at.CA != "" {
		text, err := os.ReadFile(at.CA)
		if err != nil {
			return nil, fmt.Errorf("read web.ca: %w", err)
		}
		c.roots = x509.NewCertPool()
		if !c.roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("read web.ca: %s holds no PEM certificate", at.CA)
		}
	}
	c.client = newClient(at.Resolve, c.roots)
	return c, nil
}

// Readers are those of every subject.
func (c *Collector) Readers() []evidence.Reader {
	var all []evidence.Reader
	for _, subject := range subjects {
		all = append(all, subject(c)...)
	}
	return all
}

// Identity says who asks: nobody, but for the smoke tests.
func (c *Collector) Identity(context.Context) (string, error) {
	who := "anonymous"
	if !c.target.Token.IsZero() {
		who += ", with a bearer token"
	}
	if c.target.User != "" {
		who += ", and as " + c.target.User
	}
	return who, nil
}

// Close ends its connections.
func (c *Collector) Close() { c.client.close() }

// withPaths fills in the guide's paths.
func withPaths(at target.Web) target.Web {
	for path, usual := range map[*string]string{
		&at.PortalHealth: "/api/health", &at.APIHealth: "/healthcheck", &at.Plugins: "/v1/plugins",
		&at.Login: "/auth/login", &at.LoginStart: "/auth/github/start",
	} {
		if *path == "" {
			*path = usual
		}
	}
	return at
}

// base reads a URL without a path. Only https is one: tokens are sent to it.
func base(name, text string) (*url.URL, error) {
	if text == "" {
		return nil, fmt.Errorf("read web.%s: it is not set; give the URL, such as https://portal.example.com", name)
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read web.%s: %w", name, errors.Unwrap(err))
	}
	if u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("read web.%s: it is no URL such as https://portal.example.com", name)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// hosts are the portal's and the API's, each once.
func (c *Collector) hosts() []*url.URL {
	if c.portal.Host == c.api.Host {
		return []*url.URL{c.portal}
	}
	return []*url.URL{c.portal, c.api}
}
