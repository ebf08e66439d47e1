package npmtest

import (
	"bytes"
	"net/http"
	"strconv"
	"sync/atomic"
)

// Fault is a wrong way to answer. End is closed when the registry ends; well is
// how it answers without the fault.
type Fault func(end <-chan struct{}, well http.Handler) http.Handler

// Failing answers so often with this status, and then well.
func Failing(times, status int) Fault {
	return firstly(times, func(_ http.Handler, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// Limited answers so often 429 with this Retry-After, and then well.
func Limited(times int, after string) Fault {
	return firstly(times, func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(http.StatusTooManyRequests)
	})
}

// Cut says the whole length so often, sends only so many bytes and hangs up; then
// it answers well.
func Cut(times, size int) Fault {
	return firstly(times, func(well http.Handler, w http.ResponseWriter, r *http.Request) {
		whole := recorded(well, r)
		w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
		if size > 0 { // else nothing of the answer comes
			_, _ = w.Write(whole[:min(size, len(whole))])
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	})
}

// Stalled sends so many bytes and then nothing until the asker or the registry
// ends.
func Stalled(size int) Fault {
	return func(end <-chan struct{}, well http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			whole := recorded(well, r)
			if size > 0 {
				w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
				_, _ = w.Write(whole[:min(size, len(whole))])
				_ = http.NewResponseController(w).Flush()
			}
			select {
			case <-end:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		})
	}
}

// Redirected sends the asker to another address, 302.
func Redirected(to string) Fault {
	return Answering(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
}

// Endless answers white space without an end, which is JSON so far.
func Endless() Fault {
	return Answering(func(w http.ResponseWriter, r *http.Request) {
		space := bytes.Repeat([]byte{' '}, 1<<16)
		for r.Context().Err() == nil {
			if _, err := w.Write(space); err != nil {
				return
			}
		}
	})
}

// Saying answers this text, 200.
func Saying(text string) Fault {
	return Answering(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

// Answering answers in a way of the test's own.
func Answering(answer http.HandlerFunc) Fault {
	return func(<-chan struct{}, http.Handler) http.Handler { return answer }
}

// firstly is answer for the first times, and then what is well.
func firstly(times int, answer func(http.Handler, http.ResponseWriter, *http.Request)) Fault {
	var asked atomic.Int64
	return func(_ <-chan struct{}, well http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) <= int64(times) {
				answer(well, w, r)
				return
			}
			well.ServeHTTP(w, r)
		})
	}
}

// recorded is the body that another handler would send.
func recorded(well http.Handler, r *http.Request) []byte {
	body := &recorder{header: http.Header{}}
	well.ServeHTTP(body, r)
	return body.Bytes()
}

type recorder struct {
	bytes.Buffer
	header http.Header
}

func (r *recorder) Header() http.Header { return r.header }
func (r *recorder) WriteHeader(int)     {}
