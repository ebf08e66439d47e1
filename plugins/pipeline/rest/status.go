package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gatehouse/plugins/pipeline"
)

// undelivered is why there was no whole answer. Whether a change was made is not known
// then, unless nobody was there to make it.
func (c *Client) undelivered(ctx context.Context, method string, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
		if method == http.MethodGet {
			return err
		}
		return fmt.Errorf("%w: %w", pipeline.ErrUncertain, err)
	}
	var at *url.Error // the address may have a token in it
	if errors.As(err, &at) {
		err = at.Err
	}
	if errors.Is(err, context.DeadlineExceeded) { // not the caller's
		err = fmt.Errorf("no whole answer within %s", c.options.Each)
	}
	var dial *net.OpError
	unheard := errors.As(err, &dial) && dial.Op == "dial" || errors.Is(err, syscall.ECONNREFUSED)
	if method != http.MethodGet && !unheard {
		return fmt.Errorf("%w: %s: %w", pipeline.ErrUncertain, c.options.Base.Host, err)
	}
	return passing{error: fmt.Errorf("%w: %s: %w", pipeline.ErrUnavailable, c.options.Base.Host, err)}
}

// status is what an answer's status means; nil for success.
func (c *Client) status(method string, answer *http.Response, body []byte) error {
	code := answer.StatusCode
	said := fmt.Errorf("%s answered %d %s%s", answer.Request.URL.Host, code, http.StatusText(code), message(body))
	after := retryAfter(answer.Header, c.options.Now())
	// GitHub limits with 403 too, and says so in these headers.
	limited := code == http.StatusTooManyRequests ||
		code == http.StatusForbidden && (answer.Header.Get("Retry-After") != "" || answer.Header.Get("X-RateLimit-Remaining") == "0")
	switch {
	case code >= 200 && code < 300, c.options.Moves && method == http.MethodPost && code == http.StatusFound:
		return nil
	case limited:
		return passing{fmt.Errorf("%w: %w", pipeline.ErrUnavailable, said), after}
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return fmt.Errorf("%w: %w", pipeline.ErrDenied, said)
	case code == http.StatusNotFound || code == http.StatusGone:
		return fmt.Errorf("%w: %w", pipeline.ErrNotFound, said)
	case (code >= 500 || code == http.StatusRequestTimeout) && method != http.MethodGet:
		return fmt.Errorf("%w: %w", pipeline.ErrUncertain, said)
	case code >= 500 || code == http.StatusRequestTimeout:
		return passing{fmt.Errorf("%w: %w", pipeline.ErrUnavailable, said), after}
	case code >= 300 && code < 400:
		return fmt.Errorf("%w: %w: it redirects; give the address that it redirects to", pipeline.ErrRefused, said)
	}
	return fmt.Errorf("%w: %w", pipeline.ErrRefused, said)
}

// Hidden is an error of a question for something that has to be there, not for a run
// that may be: that it is not found means that the token may not see it, or that it is
// named wrongly, as why says.
func Hidden(err error, why string) error {
	if errors.Is(err, pipeline.ErrNotFound) {
		return fmt.Errorf("%w: %s: %s", pipeline.ErrDenied, why, err.Error())
	}
	return err
}

// message is what a service says of its own accord: GitHub's and GitLab's "message".
func message(body []byte) string {
	var said struct {
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil || len(said.Message) == 0 {
		return ""
	}
	text := strings.Trim(string(said.Message), `"`)
	return ": " + strconv.Quote(text[:min(len(text), 200)])
}

// retryAfter reads the header Retry-After (RFC 9110, 10.2.3), or GitHub's time in
// X-RateLimit-Reset (seconds since 1970).
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	if at, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64); err == nil && header.Get("X-RateLimit-Remaining") == "0" {
		return max(0, time.Unix(at, 0).Sub(now))
	}
	return 0
}
