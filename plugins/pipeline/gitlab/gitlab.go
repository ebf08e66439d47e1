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
	"time"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/rest"
)

// DefaultAPI is that of gitlab.com; another's is https://HOST/api/v4.
const DefaultAPI = "https://gitlab.com/api/v4"

// Options are which pipeline it is.
type Options struct {
	// API is the address of the REST API; [DefaultAPI] by default.
	API *url.URL
	// Project is its path, group/name, or its number.
	Project string
	// Ref is the branch or tag that is built: main by default.
	Ref string
	// TriggerToken starts pipelines (Settings, CI/CD, "Pipeline trigger tokens").
	TriggerToken func() string
	// Token follows and cancels them: a project's access token with the scope api.
	Token func() string
	// HTTP and Settle are as in [rest.Options] and [pipeline.Once].
	HTTP   *http.Client
	Settle time.Duration
	// Wait waits between tries; for real by default.
	Wait func(context.Context, time.Duration) error
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
	token := o.Token
	client, err := rest.New(rest.Options{Base: o.API, HTTP: o.HTTP, Wait: o.Wait, Sign: func(h http.Header) {
		if token := token(); token != "" {
			h.Set("PRIVATE-TOKEN", token)
		}
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
		Find:   func(ctx context.Context) (pipeline.RunID, error) { return p.find(ctx, b.Token()) },
		Send:   func(ctx context.Context) (pipeline.RunID, error) { return p.send(ctx, b) },
		Settle: p.options.Settle, Wait: p.options.Wait,
		Remedy: "the pipeline must have `workflow: name:` with $" + pipeline.CorrelationVariable + " in it",
	}.Start(ctx)
	if err != nil {
		return "", fmt.Errorf("start the pipeline of %s: %w", p.options.Project, err)
	}
	return id, nil
}

func (p *Pipeline) find(ctx context.Context, token string) (pipeline.RunID, error) {
	var page []run
	query := url.Values{"source": {"trigger"}, "order_by": {"id"}, "sort": {"desc"}, "per_page": {"100"}}
	err := p.client.Get(ctx, p.at("pipelines"), query, &page)
	if errors.Is(err, pipeline.ErrNotFound) { // not the same as a run that is not there
		return "", fmt.Errorf("%w: there is no such project, or the token may not read it: %s", pipeline.ErrDenied, err.Error())
	}
	if err != nil {
		return "", err
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
	case errors.Is(err, pipeline.ErrNotFound): // so GitLab answers a wrong token
		return "", fmt.Errorf("%w: there is no such project, or the trigger token is not its: %s", pipeline.ErrDenied, err.Error())
	case errors.Is(err, pipeline.ErrInvalid) || err == nil && r.ID == 0: // it may have begun
		return "", fmt.Errorf("%w: the answer names no pipeline", pipeline.ErrUncertain)
	case err != nil:
		return "", err
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
