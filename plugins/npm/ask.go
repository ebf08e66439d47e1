package npm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// passing is a failure that may be over at the next try.
type passing struct {
	error
	after time.Duration // what the registry asks to wait, 0 for nothing
}

func (p passing) Unwrap() error { return p.error }

// ask gets what is at an address and lets use read it. It tries again when that
// may help; use then begins anew. What use itself finds wrong is final.
func (c *Client) ask(ctx context.Context, at *url.URL, limit int64, use func(io.Reader) error) error {
	for try := 0; ; try++ {
		err := c.inTime(ctx, at, limit, use)
		var later passing
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.As(err, &later):
			return err
		case try >= c.options.Retries:
			return fmt.Errorf("%w: %s, tries: %d: %w", ErrUnreachable, at.Host, try+1, later.error)
		case later.after > longest:
			return fmt.Errorf("%w: %s asks to wait for %s: %w", ErrUnreachable, at.Host, later.after, later.error)
		}
		if err := c.options.Wait(ctx, c.pause(try, later.after)); err != nil {
			return err
		}
	}
}

// inTime makes one request within the time for each.
func (c *Client) inTime(ctx context.Context, at *url.URL, limit int64, use func(io.Reader) error) error {
	each, cancel := context.WithTimeout(ctx, c.options.Limits.Each)
	defer cancel()
	err := c.once(each, at, limit, use)
	if err != nil && each.Err() != nil && ctx.Err() == nil {
		// Not the deadline's own error, which would look like the caller's.
		return passing{error: fmt.Errorf("no whole answer within %s", c.options.Limits.Each)}
	}
	return err
}

// once makes one request.
func (c *Client) once(ctx context.Context, at *url.URL, limit int64, use func(io.Reader) error) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return fmt.Errorf("%w: what it gives as an address is none", ErrInvalid)
	}
	request.Header.Set("User-Agent", "gatehouse")
	// A tarball is compressed already, and must come as it was signed.
	request.Header.Set("Accept-Encoding", "identity")
	if token := c.options.Token(); token != "" && c.ours(at) {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return undelivered(err)
	}
	defer answer.Body.Close()
	if err := c.status(answer); err != nil {
		return err
	}
	body := &bounded{from: answer.Body, limit: limit, left: limit}
	if answer.ContentLength > limit {
		return body.tooLarge()
	}
	err = use(body)
	if body.failed != nil { // whatever use made of it
		return body.failed
	}
	return err
}

// undelivered is why there was no answer. The address is left out: one that was
// redirected to may carry a signature that lets others in.
func undelivered(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	if errors.Is(err, ErrInvalid) {
		return err
	}
	return passing{error: err}
}

// status is what an answer's status means; nil for one with the content.
func (c *Client) status(answer *http.Response) error {
	code, host := answer.StatusCode, answer.Request.URL.Host
	said := fmt.Errorf("%s answered %d %s", host, code, http.StatusText(code))
	switch {
	case code == http.StatusOK:
		return nil
	case code == http.StatusNotFound || code == http.StatusGone:
		return ErrNotFound
	case code == http.StatusUnauthorized || code == http.StatusForbidden,
		code == http.StatusPaymentRequired || code == http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%w: %w", ErrDenied, said)
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		return passing{said, retryAfter(answer.Header.Get("Retry-After"), c.options.Now())}
	}
	return fmt.Errorf("%w: %w", ErrInvalid, said)
}

// bounded reads at most limit bytes, and tells its own failures from those of
// whoever reads.
type bounded struct {
	from        io.Reader
	limit, left int64
	failed      error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	// One more than is left: the end must be seen, or that there is none.
	n, err := b.from.Read(p[:min(int64(len(p)), b.left+1)])
	switch b.left -= int64(n); {
	case b.left < 0:
		b.failed = b.tooLarge()
		return 0, b.failed
	case err != nil && err != io.EOF:
		b.failed = passing{error: fmt.Errorf("the answer broke off: %w", err)}
		return n, b.failed
	}
	return n, err
}

func (b *bounded) tooLarge() error {
	return fmt.Errorf("%w: more than %d bytes; raise the limit if that is right", ErrTooLarge, b.limit)
}
