// Package gitlab builds by a pipeline of GitLab (REST API v4, "Pipeline trigger
// tokens" and "Pipelines"). So that a start whose answer was lost is found, the
// pipeline must have the token in its name:
//
//	workflow:
//	  name: plugin $PLUGIN_BUILD_CORRELATION
package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/rest"
)

// DefaultAPI is that of gitlab.com; another's is https://HOST/api/v4.
const DefaultAPI = "https://gitlab.com/api/v4"

// Options are which pipeline it is.
type Options struct {
	// Caller has a token that follows and cancels pipelines: a project's access token
	// with the scope api.
	rest.Caller
	// API is the address of the REST API; [DefaultAPI] by default.
	API *url.URL
	// Project is its path, group/name, or its number.
	Project string
	// Ref is the branch or tag that is built: main by default.
	Ref string
	// TriggerToken starts pipelines (Settings, CI/CD, "Pipeline trigger tokens").
	TriggerToken func() string
}

// Pipeline is a project's pipeline.
type Pipeline struct {
	client  *rest.Client
	options Options
}

var _ pipeline.Pipeline = (*Pipeline)(nil)

// New is the pipeline of a project. Nothing is asked yet.
func New(o Options) (*Pipeline, error) {
	if o.API == nil {
		o.API, _ = url.Parse(DefaultAPI)
	}
	if o.Ref == "" {
		o.Ref = "main"
	}
	if strings.Trim(o.Project, "/") == "" {
		return nil, fmt.Errorf("use GitLab's pipelines: %q is no project", o.Project)
	}
	client, err := rest.New(rest.Options{Caller: o.Caller, Base: o.API, Sign: func(h http.Header, token string) {
		h.Set("PRIVATE-TOKEN", token)
	}})
	if err != nil {
		return nil, err
	}
	return &Pipeline{client, o}, nil
}

func (p *Pipeline) at(parts ...string) string {
	return strings.Join(append([]string{"projects", url.PathEscape(strings.Trim(p.options.Project, "/"))}, parts...), "/")
}

// run is what the API says of a pipeline.
type run struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Link   string `json:"web_url"`
}

func (r run) id() pipeline.RunID { return pipeline.RunID(strconv.FormatInt(r.ID, 10)) }

// Start triggers, unless a pipeline of the token is among the hundred newest that were.
func (p *Pipeline) Start(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	id, err := pipeline.Once{
		Find: p.find, Send: p.send, Wait: p.client.Wait,
		Remedy: "the pipeline must have `workflow: name:` with $" + pipeline.CorrelationVariable + " in it",
	}.Start(ctx, b)
	if err != nil {
		return "", fmt.Errorf("start the pipeline of %s: %w", p.options.Project, err)
	}
	return id, nil
}

func (p *Pipeline) find(ctx context.Context, token string) (pipeline.RunID, error) {
	var page []run
	query := url.Values{"source": {"trigger"}, "order_by": {"id"}, "sort": {"desc"}, "per_page": {"100"}}
	err := p.client.Get(ctx, p.at("pipelines"), query, &page)
	if err != nil {
		return "", rest.Hidden(err, "there is no such project, or the token may not read it")
	}
	for _, each := range page {
		if strings.Contains(each.Name, token) {
			return each.id(), nil
		}
	}
	return "", pipeline.ErrNotFound
}

func (p *Pipeline) send(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	form := url.Values{"token": {p.options.TriggerToken()}, "ref": {p.options.Ref}}
	for _, v := range b.Variables() {
		form.Set("variables["+v.Name+"]", v.Value)
	}
	var r run
	_, err := p.client.PostForm(ctx, p.at("trigger", "pipeline"), form, &r)
	switch {
	case errors.Is(err, pipeline.ErrInvalid) || err == nil && r.ID == 0: // it may have begun
		return "", fmt.Errorf("%w: the answer names no pipeline", pipeline.ErrUncertain)
	case err != nil: // a wrong token is answered with 404
		return "", rest.Hidden(err, "there is no such project, or the trigger token is not its")
	}
	return r.id(), nil
}

// Status is how far a pipeline is.
func (p *Pipeline) Status(ctx context.Context, id pipeline.RunID) (pipeline.Status, error) {
	var r run
	if err := p.client.Get(ctx, p.at("pipelines", url.PathEscape(string(id))), nil, &r); err != nil {
		return pipeline.Status{}, fmt.Errorf("look at the pipeline: %w", err)
	}
	s := pipeline.Status{Link: r.Link, Detail: r.Status}
	switch r.Status {
	case "success":
		s.Phase = pipeline.Succeeded
	case "failed", "skipped":
		s.Phase = pipeline.Failed
	case "canceled":
		s.Phase = pipeline.Cancelled
	case "running", "canceling":
		s.Phase = pipeline.Running
	case "created", "waiting_for_resource", "waiting_for_callback", "preparing", "pending", "manual", "scheduled":
		s.Phase = pipeline.Queued
	default:
		return pipeline.Status{}, fmt.Errorf("look at the pipeline: %w: unknown status %q", pipeline.ErrInvalid, r.Status)
	}
	return s, nil
}

// Cancel ends a pipeline.
func (p *Pipeline) Cancel(ctx context.Context, id pipeline.RunID) error {
	_, err := p.client.PostForm(ctx, p.at("pipelines", url.PathEscape(string(id)), "cancel"), nil, nil)
	if err == nil {
		return nil
	}
	if s, failed := p.Status(ctx, id); failed == nil && s.Phase.Final() {
		return nil
	}
	return fmt.Errorf("cancel the pipeline: %w", err)
}
