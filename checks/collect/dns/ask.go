package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"gatehouse/checks/evidence"
)

const (
	// tries are how often a question is sent that may be lost on its way.
	tries = 3
	// patience is how long one of them waits.
	patience = 2 * time.Second
)

// ask sends one question. NXDOMAIN is an answer; the server's other refusals are
// problems.
func (c *Collector) ask(ctx context.Context, name string, kind uint16) (*dns.Msg, error) {
	what := fmt.Sprintf("%s of %s at %s", dns.TypeToString[kind], name, c.server)
	question := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	question.SetEdns0(1232, true)
	got, err := c.exchange(ctx, "udp", question)
	if err == nil && got.Truncated {
		got, err = c.exchange(ctx, "tcp", question)
	}
	if err != nil {
		return nil, problem(ctx, what, err)
	}
	if len(got.Question) != 1 || got.Question[0] != question.Question[0] {
		return nil, evidence.Problem{Kind: evidence.Invalid, Message: what + ": the answer is to another question"}
	}
	switch got.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError:
		return got, nil
	case dns.RcodeRefused:
		return nil, evidence.Problem{
			Kind: evidence.Denied, Message: what + ": the server refuses to answer",
			Remedy: "ask a server that resolves the name for this machine: set dns.server",
		}
	default:
		return nil, evidence.Problem{Kind: evidence.Failed, Message: what + ": the server answers " + dns.RcodeToString[got.Rcode]}
	}
}

func (c *Collector) exchange(ctx context.Context, network string, question *dns.Msg) (got *dns.Msg, err error) {
	for range tries {
		got, err = c.once(ctx, network, question)
		if !timedOut(err) || ctx.Err() != nil {
			return got, err
		}
	}
	return got, err
}

func (c *Collector) once(ctx context.Context, network string, question *dns.Msg) (*dns.Msg, error) {
	client := &dns.Client{Net: network, Timeout: patience}
	connection, err := client.DialContext(ctx, c.server)
	if err != nil {
		return nil, err
	}
	// The library looks at the context's deadline alone.
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer func() {
		stop()
		_ = connection.Close()
	}()
	got, _, err := client.ExchangeWithConnContext(ctx, question, connection)
	return got, err
}

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

func problem(ctx context.Context, what string, err error) error {
	var network net.Error
	kind := evidence.Invalid
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		kind = evidence.Cancelled
	case ctx.Err() != nil, timedOut(err), errors.Is(err, os.ErrDeadlineExceeded):
		kind = evidence.TimedOut
	case errors.As(err, &network), errors.Is(err, syscall.ECONNREFUSED):
		kind = evidence.Unreachable
	}
	return evidence.Problem{Kind: kind, Message: fmt.Sprintf("%s: %v", what, err), Remedy: "check that the name server answers this machine"}
}

// each asks about several names at once and keeps, in their order, what came of
// those that were answered.
func each[T any](ctx context.Context, names []string, ask func(context.Context, string) (T, error)) ([]T, error) {
	answers, errs := make([]T, len(names)), make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { answers[i], errs[i] = ask(ctx, name) })
	}
	group.Wait()
	all := []T{}
	for i, err := range errs {
		if err == nil {
			all = append(all, answers[i])
		}
	}
	return all, errors.Join(errs...)
}
