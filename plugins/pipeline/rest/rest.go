// Package rest asks services that speak JSON over HTTP on behalf of one caller: the
// token goes to the service's own origin and no other, answers are bounded, and what
// went wrong is one of plugins/pipeline's errors.
//
// What is asked, and what the answers mean, is each service's package's.
package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	"gatehouse/plugins/pipeline"
)

// Caller is who asks a service. Every service's options have one.
type Caller struct {
	// Token is the caller's. It is called at every request, since tokens are renewed; ""
	// and nil go along with nothing.
	Token func() string
	// HTTP makes the requests; [http.DefaultTransport] by default. It follows no
	// redirect: none of the APIs here uses one.
	HTTP *http.Client
	// Wait waits between tries; for real by default.
	Wait func(context.Context, time.Duration) error
}

// Options are what a client works with. Only Base must be given, and Sign with a token.
type Options struct {
	Caller
	// Base is the service's address, with its path if it has one.
	Base *url.URL
	// Sign puts a token into a request.
	Sign func(header http.Header, token string)
	// Header is in every request, over what is there by default.
	Header map[string]string
	// Moves tells that the service answers a change that it made with a redirect to a
	// page (Jenkins).
	Moves bool
	// Each bounds one request: 30 seconds by default.
	Each time.Duration
	// Retries is how often a question is repeated that may succeed later: 3 by default,
	// negative for never. What changes something is never repeated.
	Retries int
	// Now and Random (0 ≤ x < 1) are the clock and the chance of the waits between
	// tries; the real ones by default.
	Now    func() time.Time
	Random func() float64
}

// Client asks one service. It may be used by many at once.
type Client struct {
	options Options
	http    *http.Client
}

const (
	// maxAnswer bounds an answer, in bytes: a page of a hundred runs of GitHub has
	// about 1 MB.
	maxAnswer = 16 << 20
	// longest is the longest pause that a service may ask for within one question.
	longest = 30 * time.Second
	// first is the longest first pause; each one after is twice as long.
	first = time.Second
)

// New makes a client. Nothing is asked yet. http is for the machine itself only, for a
// token goes along.
func New(o Options) (*Client, error) {
	switch address := net.ParseIP(o.Base.Hostname()); {
	case o.Base.Scheme != "https" && o.Base.Scheme != "http" || o.Base.Host == "":
		return nil, fmt.Errorf("use the pipeline's service: %q is no address: want https://HOST/PATH", o.Base.Scheme+"://"+o.Base.Host)
	case o.Base.User != nil:
		return nil, fmt.Errorf("use the pipeline's service: the address of %s has a name or password in it; give a token instead", o.Base.Host)
	case o.Base.Scheme == "http" && (address == nil || !address.IsLoopback()):
		return nil, fmt.Errorf("use the pipeline's service: the token would go to %s over http; use https", o.Base.Host)
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	own := *o.HTTP
	own.Jar, own.CheckRedirect = nil, func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.Each, o.Retries = cmp.Or(o.Each, 30*time.Second), cmp.Or(o.Retries, 3)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = pipeline.Wait
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return &Client{o, &own}, nil
}

// Bearer signs as RFC 6750 has it.
func Bearer(header http.Header, token string) { header.Set("Authorization", "Bearer "+token) }

// Wait waits, as the client does.
func (c *Client) Wait(ctx context.Context, d time.Duration) error { return c.options.Wait(ctx, d) }

// Get asks for what is at a path below the base, and reads it into a value. It tries
// again when that may help.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) error {
	for try := 0; ; try++ {
		_, err := c.once(ctx, http.MethodGet, path, query, nil, "", into)
		var later passing
		if err == nil || ctx.Err() != nil || !errors.As(err, &later) || try >= c.options.Retries || later.after > longest {
			return err
		}
		pause := time.Duration(float64(first<<min(try, 4)) * (0.5 + c.options.Random()/2))
		if err := c.options.Wait(ctx, max(pause, later.after)); err != nil {
			return err
		}
	}
}

// PostJSON sends a value once; "" is the base itself, as it is. into may be nil.
func (c *Client) PostJSON(ctx context.Context, path string, value, into any) (http.Header, error) {
	content, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return c.once(ctx, http.MethodPost, path, nil, content, "application/json", into)
}

// PostForm sends a form once. into may be nil.
func (c *Client) PostForm(ctx context.Context, path string, form url.Values, into any) (http.Header, error) {
	return c.once(ctx, http.MethodPost, path, nil, []byte(form.Encode()), "application/x-www-form-urlencoded", into)
}

// passing is a failure that may be over at the next try.
type passing struct {
	error
	after time.Duration // what the service asks to wait, 0 for nothing
}

func (p passing) Unwrap() error { return p.error }

func (c *Client) once(ctx context.Context, method, path string, query url.Values, content []byte, kind string, into any) (http.Header, error) {
	each, cancel := context.WithTimeout(ctx, c.options.Each)
	defer cancel()
	at := c.options.Base
	if path != "" {
		at = at.JoinPath(path)
		at.RawQuery = query.Encode()
	}
	request, err := http.NewRequestWithContext(each, method, at.String(), bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "gatehouse")
	request.Header.Set("Accept", "application/json")
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for name, value := range c.options.Header {
		request.Header.Set(name, value)
	}
	if c.options.Token != nil {
		if token := c.options.Token(); token != "" {
			c.options.Sign(request.Header, token)
		}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, c.undelivered(ctx, method, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err := c.status(method, answer, body); err != nil {
		return nil, err
	}
	switch {
	case err != nil:
		return nil, c.undelivered(ctx, method, fmt.Errorf("the answer broke off: %w", err))
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: %s sends more than %d bytes", pipeline.ErrInvalid, at.Host, maxAnswer)
	case into == nil:
		return answer.Header, nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", pipeline.ErrInvalid, at.Host, err)
	}
	return answer.Header, nil
}
