package redis

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"

	"gatehouse/checks/evidence"
)

// do sends one command to a node. The client keeps to deadlines, but not to a
// context that is cancelled before: what it still waits for is left to Close.
func (c *Collector) do(ctx context.Context, d door, words ...any) (*redis.Cmd, error) {
	answer := make(chan *redis.Cmd, 1)
	client := c.client(d)
	go func() { answer <- client.Do(ctx, words...) }()
	select {
	case cmd := <-answer:
		return cmd, c.problem(d.address, cmd.Err())
	case <-ctx.Done():
		return nil, c.problem(d.address, ctx.Err())
	}
}

// text sends a command that is answered with a text.
func (c *Collector) text(ctx context.Context, address string, words ...any) (string, error) {
	cmd, err := c.do(ctx, door{address: address}, words...)
	if err != nil {
		return "", err
	}
	text, err := cmd.Text()
	if err != nil {
		return "", evidence.Problem{Kind: evidence.Invalid, Message: address + " answers with something else than a text"}
	}
	return text, nil
}

// each asks nodes at the same time, and keeps what some say when others fail.
func each[T any](addresses []string, ask func(address string) ([]T, error)) ([]T, error) {
	parts, errs := make([][]T, len(addresses)), make([]error, len(addresses))
	var group sync.WaitGroup
	for i, address := range addresses {
		group.Go(func() { parts[i], errs[i] = ask(address) })
	}
	group.Wait()
	all := []T{}
	for _, part := range parts {
		all = append(all, part...)
	}
	return all, errors.Join(errs...)
}

// first asks nodes at the same time and takes the first good answer, so that one
// that hangs holds nobody up.
func first[T any](ctx context.Context, addresses []string, ask func(ctx context.Context, address string) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan outcome, len(addresses))
	for _, address := range addresses {
		go func() {
			value, err := ask(ctx, address)
			answers <- outcome{value, err}
		}()
	}
	var errs []error
	for range addresses {
		got := <-answers
		if got.err == nil {
			return got.value, nil
		}
		errs = append(errs, got.err)
	}
	var none T
	return none, errors.Join(errs...)
}
