// Package httpapi is the way to the HTTP APIs that the collectors read:
// Prometheus and Alertmanager. It limits what an answer may hold, signs in with
// a bearer token, and tells apart why something could not be read.
//
// What is asked, and what the answers mean, is said by the packages of the
// sources.
package httpapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// MostBytes is how large an answer may be. The rules and targets of a large
// cluster are a few MiB.
const MostBytes = 32 << 20

// Client reads one API. Make it with [New], end it with Close.
type Client struct {
	// Base is the API's URL without a slash at its end.
	Base *url.URL
	// HTTP is what asks. Its errors are for [Explain].
	HTTP      *http.Client
	transport *http.Transport
	token     target.Secret
}

// New makes a client. It does not connect; it fails when the URL is none or the
// CA file cannot be read.
func New(t target.HTTP) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(t.URL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("connect to %q: it is no URL; write one such as https://prometheus.example.com", t.URL)
	}
	if base.User != nil {
		return nil, fmt.Errorf("connect to %s: the URL holds a password; use a token", base.Redacted())
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("read the CA of %s: %w", base.Host, err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read the CA of %s: %s holds no certificate in PEM", base.Host, t.CA)
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	c := &Client{Base: base, transport: transport, token: t.Token}
	c.HTTP = &http.Client{Transport: c}
	return c, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// JSON reads a path below the base into a value.
func (c *Client) JSON(ctx context.Context, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base.JoinPath(path).String(), nil)
	if err != nil {
		return err
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return Explain(ctx, path, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refused(response)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return Explain(ctx, path, err)
	}
	return nil
}

// RoundTrip signs a request in, and turns answers that are none into problems.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := c.token.Resolve(r.Context())
	if err != nil {
		return nil, evidence.Problem{Kind: evidence.NotConfigured, Message: err.Error(), Remedy: "set the token of " + c.Base.Host}
	}
	if token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &limited{Reader: io.LimitReader(response.Body, MostBytes+1), Closer: response.Body, left: MostBytes}
	if mayRetry(r.Method, response.StatusCode) {
		return response, nil
	}
	if err := refusal(response); err != nil {
		_ = response.Body.Close()
		return nil, err
	}
	return response, nil
}

// mayRetry tells whether Prometheus's client asks again with GET: proxies that
// let people read alone refuse POST.
func mayRetry(method string, status int) bool {
	return method == http.MethodPost && (status == http.StatusForbidden || status == http.StatusMethodNotAllowed)
}

// errTooLarge is an answer beyond [MostBytes].
var errTooLarge = errors.New("the answer is too large")

// limited fails, instead of ending as if all were read, when there is more.
type limited struct {
	io.Reader
	io.Closer
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, errTooLarge
	}
	return n, err
}
