package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"gatehouse/checks/evidence"
)

// with adds to a request.
type with func(*http.Request)

func bearer(token string) with {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func header(name, value string) with {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// get asks for a page.
func (c *Collector) get(ctx context.Context, at string, more ...with) (answer, error) {
	return c.send(ctx, http.MethodGet, at, "", more...)
}

// send sends a request beside the others, but not during the burst.
func (c *Collector) send(ctx context.Context, method, at, body string, more ...with) (answer, error) {
	what := method + " " + at
	if err := c.quiet.Acquire(ctx, 1); err != nil {
		return answer{}, c.problem(ctx, what, err)
	}
	defer c.quiet.Release(1)
	got, err := c.client.ask(ctx, func() (*http.Request, error) {
		request, err := http.NewRequestWithContext(ctx, method, at, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header.Set("User-Agent", userAgent)
		for _, add := range more {
			add(request)
		}
		return request, nil
	})
	return got, c.problem(ctx, what, err)
}

// userAgent lets the portal's people see in their logs who asked.
const userAgent = "gatehouse-readiness"

// page is a page of a host. The path may have a query.
func page(host *url.URL, path string) string {
	if at, err := host.Parse(path); err == nil && at.Host == host.Host {
		return at.String()
	}
	return host.JoinPath(path).String()
}

// each asks about several subjects at once and keeps, in their order, what came
// of those that answered.
func each[S, T any](ctx context.Context, subjects []S, ask func(context.Context, S) (T, error)) ([]T, error) {
	answers, errs := make([]*T, len(subjects)), make([]error, len(subjects))
	var group sync.WaitGroup
	for i, subject := range subjects {
		group.Go(func() {
			got, err := ask(ctx, subject)
			if errs[i] = err; err == nil || partial(err) {
				answers[i] = &got
			}
		})
	}
	group.Wait()
	all := []T{}
	for _, got := range answers {
		if got != nil {
			all = append(all, *got)
		}
	}
	return all, errors.Join(errs...)
}

// some marks an error beside which the answer holds a part.
type some struct{ error }

func (s some) Unwrap() []error { return []error{s.error} }

func partial(err error) bool {
	var s some
	return errors.As(err, &s)
}

// missing is the problem of a smoke test that has nobody to sign in as.
func missing(what, remedy string) evidence.Problem {
	return evidence.Problem{Kind: evidence.NotConfigured, Message: what, Remedy: remedy}
}
