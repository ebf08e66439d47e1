// Package jenkins builds by a job of Jenkins (Remote Access API). The job must have the
// string parameters PLUGIN_BUILD_PLUGINS, PLUGIN_BUILD_BASE_IMAGE,
// PLUGIN_BUILD_ENVIRONMENT, PLUGIN_BUILD_TAG, PLUGIN_BUILD_CORRELATION, PLUGIN_NAME and
// PLUGIN_VERSION: Jenkins drops what a job does not declare.
//
// A start gives an item of the queue. Jenkins forgets items some minutes after they
// have left it, but each build keeps the number of its item, so that is a run's name.
package jenkins

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/rest"
)

// Options are which job it is.
type Options struct {
	// Caller has an API token of the user: that needs no crumb.
	rest.Caller
	// Address is Jenkins's, with its path if it has one.
	Address *url.URL
	// Job is its full name, folder/name.
	Job string
	// User has the permissions Job/Read, Job/Build and Job/Cancel.
	User string
}

// Pipeline is a job.
type Pipeline struct {
	client  *rest.Client
	options Options
	job     string // its path
}

var _ pipeline.Pipeline = (*Pipeline)(nil)

// New is the pipeline of a job. Nothing is asked yet.
func New(o Options) (*Pipeline, error) {
	var path []string
	for name := range strings.SplitSeq(strings.Trim(o.Job, "/"), "/") {
		if name == "" || name == "." || name == ".." {
			return nil, fmt.Errorf("use Jenkins: %q is no name of a job", o.Job)
		}
		path = append(path, "job", url.PathEscape(name))
	}
	user := o.User
	client, err := rest.New(rest.Options{Caller: o.Caller, Base: o.Address, Moves: true, Sign: func(h http.Header, token string) {
		r := http.Request{Header: h}
		r.SetBasicAuth(user, token)
	}})
	if err != nil {
		return nil, err
	}
	return &Pipeline{client, o, strings.Join(path, "/")}, nil
}

// action has a build's or an item's parameters, among others.
type action struct {
	Parameters []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"parameters"`
}

type build struct {
	Number   int64    `json:"number"`
	Link     string   `json:"url"`
	Building bool     `json:"building"`
	Result   string   `json:"result"`
	Item     int64    `json:"queueId"`
	Actions  []action `json:"actions"`
}

type item struct {
	ID         int64    `json:"id"`
	Cancelled  bool     `json:"cancelled"`
	Why        string   `json:"why"`
	Actions    []action `json:"actions"`
	Executable *struct {
		Number int64 `json:"number"`
	} `json:"executable"`
}

// Start asks for a build, unless one of the token is in the queue or among the hundred
// newest.
func (p *Pipeline) Start(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	id, err := pipeline.Once{
		Find: p.find, Send: p.send, Wait: p.client.Wait,
		Remedy: "the job must have the string parameter " + pipeline.CorrelationVariable,
	}.Start(ctx, b)
	if err != nil {
		return "", fmt.Errorf("start Jenkins's job %s: %w", p.options.Job, err)
	}
	return id, nil
}

func (p *Pipeline) find(ctx context.Context, token string) (pipeline.RunID, error) {
	// The queue first: what leaves it meanwhile is among the builds.
	var queue struct {
		Items []item `json:"items"`
	}
	if err := p.client.Get(ctx, "queue/api/json", url.Values{"tree": {"items[id,actions[parameters[name,value]]]"}}, &queue); err != nil {
		return "", rest.Hidden(err, hidden)
	}
	for _, each := range queue.Items {
		if has(each.Actions, token) {
			return runID(each.ID), nil
		}
	}
	builds, err := p.builds(ctx)
	if err != nil {
		return "", rest.Hidden(err, hidden)
	}
	for _, each := range builds {
		if has(each.Actions, token) {
			return runID(each.Item), nil
		}
	}
	return "", pipeline.ErrNotFound
}

const hidden = "there is no such job, or the user may not read it"

func (p *Pipeline) builds(ctx context.Context) ([]build, error) {
	var job struct {
		Builds []build `json:"builds"`
	}
	const tree = "builds[number,url,building,result,queueId,actions[parameters[name,value]]]{0,100}"
	return job.Builds, p.client.Get(ctx, p.job+"/api/json", url.Values{"tree": {tree}}, &job)
}

func has(actions []action, token string) bool {
	for _, a := range actions {
		for _, parameter := range a.Parameters {
			if parameter.Name == pipeline.CorrelationVariable && parameter.Value == token {
				return true
			}
		}
	}
	return false
}

var location = regexp.MustCompile(`/queue/item/(\d+)/?$`)

func (p *Pipeline) send(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	form := url.Values{}
	for _, v := range b.Variables() {
		form.Set(v.Name, v.Value)
	}
	header, err := p.client.PostForm(ctx, p.job+"/buildWithParameters", form, nil)
	if err != nil {
		return "", rest.Hidden(err, hidden)
	}
	found := location.FindStringSubmatch(header.Get("Location"))
	if found == nil { // it may have begun
		return "", fmt.Errorf("%w: the answer names no item of the queue", pipeline.ErrUncertain)
	}
	return pipeline.RunID(found[1]), nil
}

func runID(number int64) pipeline.RunID { return pipeline.RunID(strconv.FormatInt(number, 10)) }
