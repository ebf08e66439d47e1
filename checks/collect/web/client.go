package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Limits of one request.
const (
	// largestBody is how much of a body is read; the rest is not needed.
	largestBody   = 1 << 20
	largestHeader = 64 << 10
	// attempts are how often a request is tried that is answered 429.
	attempts     = 5
	firstBackoff = 200 * time.Millisecond
	longestWait  = 2 * time.Second
)

// client sends requests as a stranger's browser would: no proxy, no cookies, no
// redirect followed, a connection of its own for each.
type client struct {
	resolve   map[string]string
	transport *http.Transport
	dialer    net.Dialer
}

func newClient(resolve map[string]string, roots *x509.CertPool) *client {
	c := &client{resolve: resolve}
	c.transport = &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: largestHeader,
	}
	return c
}

func (c *client) close() { c.transport.CloseIdleConnections() }

// dial connects to the address that was given for a host, or to its own.
func (c *client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if other := c.resolve[address]; other != "" {
		address = other
	} else if host, _, err := net.SplitHostPort(address); err == nil && c.resolve[host] != "" {
		address = c.resolve[host]
	}
	return c.dialer.DialContext(ctx, network, address)
}

// answer is what came of a request.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Whole is whether Body is all of it.
	Whole bool
	// Address is who answered.
	Address string
}

// ask sends a request and reads what it answers. An answer 429 is asked for
// again, a few times: it is about the asker, not the question.
func (c *client) ask(ctx context.Context, build func() (*http.Request, error)) (answer, error) {
	wait := firstBackoff
	for attempt := 1; ; attempt++ {
		request, err := build()
		if err != nil {
			return answer{}, err
		}
		got, err := c.once(request.WithContext(ctx))
		if err != nil || got.Status != http.StatusTooManyRequests {
			return got, err
		}
		if attempt == attempts {
			return got, errThrottled
		}
		if seconds, err := strconv.Atoi(got.Header.Get("Retry-After")); err == nil {
			wait = min(time.Duration(seconds)*time.Second, longestWait)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return got, errThrottled
		}
		wait *= 2
	}
}

// errThrottled: 429 was the answer every time.
var errThrottled = errors.New("the answer was 429, too many requests, every time")

func (c *client) once(request *http.Request) (answer, error) {
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{Status: response.StatusCode, Header: response.Header}
	body, err := io.ReadAll(io.LimitReader(response.Body, largestBody+1))
	if err == nil {
		// A server that sees the client hang up ends its body: that is no whole one.
		err = request.Context().Err()
	}
	if err != nil {
		return got, err
	}
	got.Whole = len(body) <= largestBody
	got.Body = body[:min(len(body), largestBody)]
	return got, nil
}
