package aws

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"gatehouse/checks/evidence"
)

// mostPages bounds a listing: what needs more is not one environment's.
const mostPages = 500

// pager is a paginator of the SDK.
type pager[Page, Options any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, options ...func(*Options)) (Page, error)
}

// pages reads a listing page by page and gives each to take. With an error,
// what came before it has been taken: a part of the answer.
func pages[Page, Options any](ctx context.Context, p pager[Page, Options], take func(Page)) error {
	for n := 0; p.HasMorePages(); n++ {
		if n == mostPages {
			return evidence.Problem{Kind: evidence.Invalid, Message: "a listing does not end after 500 pages; the rest was not read"}
		}
		page, err := p.NextPage(ctx)
		if err != nil {
			return err
		}
		take(page)
	}
	return nil
}

// atOnce is how many of a fan-out's calls run at the same time.
const atOnce = 8

// each reads one thing for each of items, several at once. What could be read
// comes back in the order of items, with the errors of the others joined.
func each[Item, Value any](ctx context.Context, items []Item, read func(context.Context, Item) (Value, error)) ([]Value, error) {
	values, errs := make([]*Value, len(items)), make([]error, len(items))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, item := range items {
		group.Go(func() error {
			value, err := read(ctx, item)
			if errs[i] = err; err == nil {
				values[i] = &value
			}
			return nil
		})
	}
	_ = group.Wait()
	var all []Value
	for _, value := range values {
		if value != nil {
			all = append(all, *value)
		}
	}
	return all, errors.Join(errs...)
}

// shared is a call that several readers need: it is made once a collector.
type shared[T any] struct {
	turn  chan struct{} // one at a time; the others wait, each within its own deadline
	known bool
	value T
	err   error
}

func newShared[T any]() *shared[T] { return &shared[T]{turn: make(chan struct{}, 1)} }

// get returns the answer, asking when nobody has. What ended with its asker's
// deadline is asked again.
func (s *shared[T]) get(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	if s.known {
		return s.value, s.err
	}
	value, err := ask(ctx)
	if ctx.Err() == nil {
		s.known, s.value, s.err = true, value, err
	}
	return value, err
}
