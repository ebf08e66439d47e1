package kubernetes

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// maxAnswer bounds one answer of the API server: a page of 500 large objects is
// a few megabytes.
const maxAnswer = 64 << 20

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)

// watcher sits before the connection: it bounds answers, and remembers that the
// server has asked for less, which client-go waits out until the time is up.
type watcher struct{ throttled atomic.Int64 }

func (w *watcher) wrap(next http.RoundTripper) http.RoundTripper { return &watched{w, next} }

type watched struct {
	*watcher
	next http.RoundTripper
}

func (w *watched) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests {
		w.throttled.Add(1)
	}
	response.Body = &bounded{ReadCloser: response.Body, left: maxAnswer}
	return response, nil
}

// WrappedRoundTripper lets client-go find the connection, to close it.
func (w *watched) WrappedRoundTripper() http.RoundTripper { return w.next }

type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func tooLarge(err error) bool { return errors.Is(err, errTooLarge) }
