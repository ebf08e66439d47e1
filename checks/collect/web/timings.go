package web

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"time"

	"gatehouse/checks/evidence"
)

func readersOfTimings(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.WebTimings, "GET of the first page and of the plugin listing, several times, each over a new connection",
			func(ctx context.Context) ([]evidence.Timing, error) {
				return each(ctx, c.timed(), c.timing)
			}),
	}
}

// timed are the guide's pages: the portal's first, and the API's plugins.
func (c *Collector) timed() []string {
	return []string{page(c.portal, "/"), page(c.api, c.target.Plugins)}
}

func (c *Collector) timing(ctx context.Context, at string) (evidence.Timing, error) {
	taken := evidence.Timing{URL: at, Samples: []evidence.Sample{}}
	var more []with
	// Without a token the API's refusal is timed: the judge sees its status.
	if token, err := c.target.Token.Resolve(ctx); err == nil && token != "" && at != page(c.portal, "/") {
		more = append(more, bearer(token))
	}
	for range c.options.Samples {
		sample, err := c.sample(ctx, at, more)
		if err != nil {
			return taken, some{err}
		}
		taken.Samples = append(taken.Samples, sample)
	}
	return taken, nil
}

// sample takes the time of one request. A retry after 429 starts it anew.
func (c *Collector) sample(ctx context.Context, at string, more []with) (evidence.Sample, error) {
	var begin time.Time
	var taken evidence.Sample
	now := func(into *float64) { *into = float64(time.Since(begin).Microseconds()) / 1000 }
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:              func(string) { begin, taken = time.Now(), evidence.Sample{} },
		DNSDone:              func(httptrace.DNSDoneInfo) { now(&taken.DNS) },
		ConnectDone:          func(_, _ string, _ error) { now(&taken.Connect) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { now(&taken.TLS) },
		GotFirstResponseByte: func() { now(&taken.FirstByte) },
	})
	got, err := c.send(traced, http.MethodGet, at, "", more...)
	if err != nil {
		return evidence.Sample{}, err
	}
	now(&taken.Total)
	taken.Status = got.Status
	return taken, nil
}
