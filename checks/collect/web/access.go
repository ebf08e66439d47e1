package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gatehouse/checks/evidence"
)

func readersOfAccess(c *Collector) []evidence.Reader {
	all := []evidence.Reader{
		evidence.Read(evidence.WebUnauthenticated, "GET of the plugin listing without a token, and with a made-up one",
			func(ctx context.Context) ([]evidence.Refusal, error) {
				return each(ctx, []stranger{{"no token", nil}, {"a made-up token", []with{bearer(rand.Text())}}}, c.refusal)
			}),
	}
	burst := c.burst
	if c.options.NoBurst {
		burst = func(context.Context) (evidence.Burst, error) {
			return evidence.Burst{}, missing("the burst of requests was switched off", "let it run in a quiet hour")
		}
	}
	return append(all, evidence.Read(evidence.WebBurst, "GET of the API's health document many times at once, until the first answers 429", burst))
}

// stranger is somebody whom the API does not know.
type stranger struct {
	with string
	more []with
}

func (c *Collector) refusal(ctx context.Context, who stranger) (evidence.Refusal, error) {
	at := page(c.api, c.target.Plugins)
	got, err := c.get(ctx, at, who.more...)
	return evidence.Refusal{URL: at, With: who.with, Status: got.Status}, err
}

const (
	// atOnce is how many requests of the burst are on their way.
	atOnce = 20
	// enough answers 429 end the burst: the limit is there.
	enough = 3
)

// burst sends many requests while nothing else of the collector does, but never
// more than its option says.
func (c *Collector) burst(ctx context.Context) (evidence.Burst, error) {
	at := page(c.api, c.target.APIHealth)
	if err := c.quiet.Acquire(ctx, everybody); err != nil {
		return evidence.Burst{}, c.problem(ctx, "GET "+at, err)
	}
	defer c.quiet.Release(everybody)
	transport := c.client.transport.Clone()
	transport.DisableKeepAlives, transport.MaxIdleConnsPerHost = false, atOnce
	defer transport.CloseIdleConnections()
	clerk := &client{transport: transport}

	var counted [5]atomic.Int64 // sent, limited, served, other, failed
	var lastErr atomic.Value
	begin := time.Now()
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for ctx.Err() == nil && counted[1].Load() < enough {
				if counted[0].Add(1) > int64(c.options.Burst) {
					counted[0].Add(-1)
					return
				}
				request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
				if err != nil {
					counted[4].Add(1)
					return
				}
				request.Header.Set("User-Agent", userAgent)
				got, err := clerk.once(request)
				switch {
				case err != nil:
					counted[4].Add(1)
					lastErr.Store(&err)
					return // this one of the askers gives up
				case got.Status == http.StatusTooManyRequests:
					counted[1].Add(1)
				case got.Status < http.StatusBadRequest:
					counted[2].Add(1)
				default:
					counted[3].Add(1)
				}
			}
		})
	}
	group.Wait()
	count := func(i int) int { return int(counted[i].Load()) }
	came := evidence.Burst{
		URL: at, Sent: count(0), Limited: count(1), Served: count(2), Other: count(3), Failed: count(4),
		Seconds: time.Since(begin).Seconds(),
	}
	if err, failed := lastErr.Load().(*error); failed && came.Limited == 0 {
		return came, some{c.problem(ctx, "GET "+at+", many times", *err)}
	}
	return came, nil
}
