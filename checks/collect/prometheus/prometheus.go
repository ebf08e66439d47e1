// Package prometheus reads a Prometheus server: itself, its targets, its rules,
// its alerts, and a few queries. What its answers mean for the portal is judged
// in checks/judge/operations; how its API is reached lives in httpapi.
package prometheus

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/prometheus/client_golang/api"
	promapi "github.com/prometheus/client_golang/api/prometheus/v1"

	"gatehouse/checks/collect/httpapi"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Collector reads one server. It is safe for concurrent use.
type Collector struct {
	client *httpapi.Client
	api    promapi.API
}

// New makes a collector; it connects when a reader does.
func New(_ context.Context, t target.HTTP) (*Collector, error) {
	client, err := httpapi.New(t)
	if err != nil {
		return nil, err
	}
	plain, err := api.NewClient(api.Config{Address: client.Base.String(), Client: client.HTTP})
	if err != nil {
		return nil, err
	}
	return &Collector{client: client, api: promapi.NewAPI(activeTargets{plain})}, nil
}

// activeTargets asks for the targets that are scraped alone. Those that
// relabelling dropped are most of the answer in a large cluster, and decide
// nothing.
type activeTargets struct{ api.Client }

func (c activeTargets) URL(path string, args map[string]string) *url.URL {
	u := c.Client.URL(path, args)
	if path == "/api/v1/targets" {
		u.RawQuery = "state=active"
	}
	return u
}

// Readers are those of one server.
func (c *Collector) Readers() []evidence.Reader {
	return append([]evidence.Reader{
		evidence.Read(evidence.PrometheusServers, "GET /api/v1/status/buildinfo, /api/v1/status/runtimeinfo", c.server),
		evidence.Read(evidence.PrometheusTargets, "GET /api/v1/targets?state=active", c.targets),
		evidence.Read(evidence.PrometheusRules, "GET /api/v1/rules", c.rules),
		evidence.Read(evidence.PrometheusAlerts, "GET /api/v1/alerts", c.alerts),
		evidence.Read(evidence.PrometheusNotifying, "GET /api/v1/alertmanagers", c.alertmanagers),
	}, c.queries()...)
}

// Identity is the address that is asked, for Prometheus knows no users.
func (c *Collector) Identity(context.Context) (string, error) { return c.client.Base.Host, nil }

// Close ends the connections.
func (c *Collector) Close() { c.client.Close() }

// explain adds to httpapi's explanation what the API itself says of an error.
func explain(ctx context.Context, what string, err error) error {
	var said *promapi.Error
	if !errors.As(err, &said) || ctx.Err() != nil {
		explained := httpapi.Explain(ctx, what, err)
		if problems := evidence.Problems(explained); len(problems) == 1 && problems[0].Kind == evidence.Failed && !asked(err) {
			// What came was read and not understood. The decoder quotes the
			// answer after its reason.
			why, _, _ := strings.Cut(problems[0].Message, ", error found in")
			return evidence.Problem{Kind: evidence.Invalid, Message: why}
		}
		return explained
	}
	kind := evidence.Failed
	switch said.Type {
	case promapi.ErrBadResponse, promapi.ErrBadData:
		kind = evidence.Invalid
	case promapi.ErrTimeout:
		kind = evidence.TimedOut
	}
	return evidence.Problem{Kind: kind, Message: what + ": " + said.Msg}
}

// asked tells whether an error is one of asking: http's own.
func asked(err error) bool {
	var failed *url.Error
	var problem evidence.Problem
	return errors.As(err, &failed) || errors.As(err, &problem)
}

// lacks is the problem of an answer without a part that it always has.
func lacks(what, part string) error {
	return evidence.Problem{Kind: evidence.Invalid, Message: what + ": the answer has no " + part, Remedy: "look at the URL: is it a Prometheus?"}
}
