// Package github builds by a workflow of GitHub Actions (REST API, version
// 2022-11-28). Neither a workflow_dispatch nor a repository_dispatch tells which run it
// starts, so the workflow must put the token into its run's name:
//
//	run-name: plugin ${{ inputs.correlation || github.event.client_payload.correlation }}
//
// and, for workflow_dispatch, declare the inputs plugins, base_image, environment,
// tag, correlation, plugin_name and plugin_version.
package github

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/rest"
)

// DefaultAPI is that of github.com; an Enterprise Server's is https://HOST/api/v3.
const DefaultAPI = "https://api.github.com"

// Options are which workflow it is.
type Options struct {
	// Caller has a token that may write actions (workflow_dispatch) or contents
	// (repository_dispatch) and read actions.
	rest.Caller
	// API is the address of the REST API; [DefaultAPI] by default.
	API *url.URL
	// Owner and Repository are the repository's names.
	Owner, Repository string
	// Workflow is its file's name, plugin-install.yml: it is started by
	// workflow_dispatch. "" starts every workflow of the event by repository_dispatch.
	Workflow string
	// Ref is the branch or tag of the workflow that a workflow_dispatch runs: main by
	// default. A repository_dispatch runs the default branch's.
	Ref string
	// Event is repository_dispatch's event_type: plugin-install by default (deployment
	// guide, "Via GitHub Actions API").
	Event string
}

// Pipeline is a workflow.
type Pipeline struct {
	client  *rest.Client
	options Options
	event   string // of the runs
}

var _ pipeline.Pipeline = (*Pipeline)(nil)

var (
	word  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	pages = regexp.MustCompile(`^/([^/]+)/([^/]+)/actions/workflows/([^/]+)$`)
	calls = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/(?:actions/workflows/([^/]+)/)?dispatches$`)
)

// FromAddress reads CI_CD_TRIGGER_URL: the page of a workflow, or the address that the
// API starts one at (deployment guide, "Environment Variables" and "Via GitHub Actions
// API"). known is false for any other address.
func FromAddress(text string) (o Options, known bool) {
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "https" || at.User != nil {
		return Options{}, false
	}
	var found []string
	switch at.Host {
	case "github.com":
		found = pages.FindStringSubmatch(at.Path)
	case "api.github.com":
		found = calls.FindStringSubmatch(at.Path)
	}
	if found == nil {
		return Options{}, false
	}
	return Options{Owner: found[1], Repository: found[2], Workflow: found[3]}, true
}

// New is the pipeline of a workflow. Nothing is asked yet.
func New(o Options) (*Pipeline, error) {
	if o.API == nil {
		o.API, _ = url.Parse(DefaultAPI)
	}
	if o.Ref == "" {
		o.Ref = "main"
	}
	if o.Event == "" {
		o.Event = "plugin-install"
	}
	if !word.MatchString(o.Owner) || !word.MatchString(o.Repository) || o.Workflow != "" && !word.MatchString(o.Workflow) {
		return nil, fmt.Errorf("use GitHub Actions: %q of %q/%q is no workflow", o.Workflow, o.Owner, o.Repository)
	}
	client, err := rest.New(rest.Options{Caller: o.Caller, Base: o.API, Sign: rest.Bearer, Header: map[string]string{
		"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28",
	}})
	if err != nil {
		return nil, err
	}
	p := &Pipeline{client: client, options: o, event: "workflow_dispatch"}
	if o.Workflow == "" {
		p.event = "repository_dispatch"
	}
	return p, nil
}

func (p *Pipeline) at(parts ...string) string {
	return strings.Join(append([]string{"repos", p.options.Owner, p.options.Repository}, parts...), "/")
}

// run is what the API says of a workflow run.
type run struct {
	ID         int64  `json:"id"`
	Title      string `json:"display_title"`
	Status     string `json:"status"`
	Conclusion string `json:"conclusion"`
	Link       string `json:"html_url"`
}

// Start dispatches, unless a run of the token is among the hundred newest.
func (p *Pipeline) Start(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	id, err := pipeline.Once{
		Find: p.find, Send: p.send, Wait: p.client.Wait,
		Remedy: "the workflow must have `run-name:` with its input correlation in it",
	}.Start(ctx, b)
	if err != nil {
		return "", fmt.Errorf("start the workflow of %s/%s: %w", p.options.Owner, p.options.Repository, err)
	}
	return id, nil
}

func (p *Pipeline) find(ctx context.Context, token string) (pipeline.RunID, error) {
	at := p.at("actions", "runs")
	if p.options.Workflow != "" {
		at = p.at("actions", "workflows", p.options.Workflow, "runs")
	}
	var page struct {
		Runs []run `json:"workflow_runs"`
	}
	err := p.client.Get(ctx, at, url.Values{"event": {p.event}, "per_page": {"100"}}, &page)
	if err != nil {
		return "", rest.Hidden(err, "there is no such workflow, or the token may not read actions")
	}
	for _, each := range page.Runs {
		if strings.Contains(each.Title, token) {
			return pipeline.RunID(strconv.FormatInt(each.ID, 10)), nil
		}
	}
	return "", pipeline.ErrNotFound
}

func (p *Pipeline) send(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	at, body := p.at("dispatches"), map[string]any{"event_type": p.options.Event, "client_payload": b.Payload()}
	if p.options.Workflow != "" {
		at, body = p.at("actions", "workflows", p.options.Workflow, "dispatches"), map[string]any{"ref": p.options.Ref, "inputs": b.Payload()}
	}
	_, err := p.client.PostJSON(ctx, at, body, nil)
	return "", err
}

// Status is how far a run is.
func (p *Pipeline) Status(ctx context.Context, id pipeline.RunID) (pipeline.Status, error) {
	var r run
	if err := p.client.Get(ctx, p.at("actions", "runs", url.PathEscape(string(id))), nil, &r); err != nil {
		return pipeline.Status{}, fmt.Errorf("look at the workflow's run: %w", err)
	}
	s := pipeline.Status{Link: r.Link, Detail: r.Status}
	switch r.Status {
	case "completed":
		s.Phase, s.Detail = pipeline.Failed, r.Conclusion
		switch r.Conclusion {
		case "success":
			s.Phase = pipeline.Succeeded
		case "cancelled":
			s.Phase = pipeline.Cancelled
		}
	case "in_progress":
		s.Phase = pipeline.Running
	case "queued", "requested", "waiting", "pending":
		s.Phase = pipeline.Queued
	default:
		return pipeline.Status{}, fmt.Errorf("look at the workflow's run: %w: unknown status %q", pipeline.ErrInvalid, r.Status)
	}
	return s, nil
}

// Cancel ends a run. One that has ended is answered with 409.
func (p *Pipeline) Cancel(ctx context.Context, id pipeline.RunID) error {
	_, err := p.client.PostJSON(ctx, p.at("actions", "runs", url.PathEscape(string(id)), "cancel"), struct{}{}, nil)
	if err == nil {
		return nil
	}
	if s, failed := p.Status(ctx, id); failed == nil && s.Phase.Final() {
		return nil
	}
	return fmt.Errorf("cancel the workflow's run: %w", err)
}
