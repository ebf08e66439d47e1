// Package webhook starts a pipeline by a request to an address (CI_CD_TRIGGER_URL of
// the deployment guide) that says only that it took it. Nothing can be followed, nor
// found again: what came of it is seen by its image.
package webhook

import (
	"context"
	"fmt"
	"net/url"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/github"
	"gatehouse/plugins/pipeline/rest"
)

// Options are where to.
type Options struct {
	// Caller's token is sent as a bearer's.
	rest.Caller
	// Address gets the request.
	Address *url.URL
	// Event is event_type: plugin-install by default.
	Event string
}

// Webhook starts pipelines.
type Webhook struct {
	client  *rest.Client
	options Options
}

// New is the webhook at an address. An address of GitHub's is refused: there, runs can
// be followed ([github.FromAddress]).
func New(o Options) (*Webhook, error) {
	if _, known := github.FromAddress(o.Address.String()); known {
		return nil, fmt.Errorf("use a webhook: %s is a workflow of GitHub Actions, whose runs can be followed: use it as one", o.Address.Path)
	}
	if o.Event == "" {
		o.Event = "plugin-install"
	}
	client, err := rest.New(rest.Options{Caller: o.Caller, Base: o.Address, Sign: rest.Bearer})
	if err != nil {
		return nil, err
	}
	return &Webhook{client, o}, nil
}

// Start sends the request once: event_type, and client_payload with the build's
// parameters (deployment guide, "Via GitHub Actions API"). The parameter correlation
// lets the receiver leave out what it has had: after [pipeline.ErrUncertain] it may get
// the same again.
func (w *Webhook) Start(ctx context.Context, b pipeline.Build) error {
	_, err := w.client.PostJSON(ctx, "", map[string]any{"event_type": w.options.Event, "client_payload": b.Payload()}, nil)
	if err != nil {
		return fmt.Errorf("start the pipeline by its webhook: %w", err)
	}
	return nil
}
