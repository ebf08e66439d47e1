package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Tag tells one version of an export from another. What a source does not have is "".
type Tag struct {
	// ETag is compared and never read.
	ETag string `json:"etag,omitempty"`
	// Modified is the header Last-Modified, as it was sent.
	Modified string `json:"modified,omitempty"`
}

// Remote is where an export is.
type Remote interface {
	// Get reads the export with its tag, or gives [ErrUnchanged] when it is the one
	// seen (the zero tag is none). An error with [Unavailable] in it is tried again.
	Get(ctx context.Context, seen Tag) (io.ReadCloser, Tag, error)
}

// ErrUnchanged means that the source still has what was seen.
var ErrUnchanged = errors.New("the export of advisories is unchanged")

// Unavailable is a failure that may be over at the next try.
type Unavailable struct {
	// Cause is what failed.
	Cause error
	// After is how long the source asks to wait, 0 when it does not ask.
	After time.Duration
}

func (u Unavailable) Error() string { return u.Cause.Error() }
func (u Unavailable) Unwrap() error { return u.Cause }

// hops is how many redirects are followed.
const hops = 5

// web is an export behind an address.
type web struct {
	at     *url.URL
	client *http.Client
	now    func() time.Time
}

func newWeb(at *url.URL, client *http.Client, now func() time.Time) (*web, error) {
	address := net.ParseIP(at.Hostname())
	switch {
	case at.Host == "" || at.User != nil:
		return nil, fmt.Errorf("%q is no address to fetch advisories from: want https://HOST/PATH, without a password", at.Redacted())
	case at.Scheme == "http" && (address == nil || !address.IsLoopback()):
		return nil, fmt.Errorf("advisories are not fetched over http from %s: anybody between could leave some out; use https", at.Host)
	}
	own := *client
	own.Jar = nil
	own.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		if len(via) > hops {
			return fmt.Errorf("it redirects more than %d times", hops)
		}
		if via[0].URL.Scheme == "https" && to.URL.Scheme != "https" {
			return fmt.Errorf("it redirects from https to %s", to.URL.Scheme)
		}
		return nil
	}
	return &web{at, &own, now}, nil
}

// Get asks with If-None-Match and If-Modified-Since (RFC 9110, 13.1).
func (w *web) Get(ctx context.Context, seen Tag) (io.ReadCloser, Tag, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.at.String(), nil)
	if err != nil {
		return nil, Tag{}, err
	}
	request.Header.Set("User-Agent", "gatehouse")
	request.Header.Set("Accept-Encoding", "identity") // a zip is compressed already
	if seen.ETag != "" {
		request.Header.Set("If-None-Match", seen.ETag)
	}
	if seen.Modified != "" {
		request.Header.Set("If-Modified-Since", seen.Modified)
	}
	answer, err := w.client.Do(request)
	if err != nil {
		var at *url.Error // its address may carry a signature
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, Tag{}, Unavailable{Cause: err}
	}
	if answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, Tag{}, w.status(answer)
	}
	return sized{answer.Body, answer.ContentLength}, Tag{answer.Header.Get("ETag"), answer.Header.Get("Last-Modified")}, nil
}

// sized tells the length that was announced, -1 for none.
type sized struct {
	io.ReadCloser
	length int64
}

func (s sized) Length() int64 { return s.length }

func (w *web) status(answer *http.Response) error {
	code := answer.StatusCode
	said := fmt.Errorf("%s answered %d %s", answer.Request.URL.Host, code, http.StatusText(code))
	switch {
	case code == http.StatusNotModified:
		return ErrUnchanged
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= http.StatusInternalServerError:
		return Unavailable{said, retryAfter(answer.Header.Get("Retry-After"), w.now())}
	}
	return said
}

// retryAfter reads the header (RFC 9110, 10.2.3): seconds or a date. What is neither
// counts as nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
