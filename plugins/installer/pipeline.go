package installer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"gatehouse/plugins/install"
	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/codebuild"
	"gatehouse/plugins/pipeline/ecrimage"
	"gatehouse/plugins/pipeline/github"
	"gatehouse/plugins/pipeline/gitlab"
	"gatehouse/plugins/pipeline/jenkins"
	"gatehouse/plugins/pipeline/rest"
	"gatehouse/plugins/pipeline/webhook"
)

// pipelines is PLUGIN_PIPELINE: exactly one of them, with the keys of
// portal.plugins.rebuild.
type pipelines struct {
	CodeBuild *struct {
		Project string `json:"project"`
	} `json:"codeBuild"`
	GitHub *struct {
		Repository string `json:"repository"`
		Workflow   string `json:"workflow"`
		Event      string `json:"event"`
		Ref        string `json:"ref"`
	} `json:"github"`
	GitLab *struct {
		URL     string `json:"url"`
		Project string `json:"project"`
		Ref     string `json:"ref"`
	} `json:"gitlab"`
	Jenkins *struct {
		URL string `json:"url"`
		Job string `json:"job"`
	} `json:"jenkins"`
	Webhook *struct {
		URL string `json:"url"`
	} `json:"webhook"`
}

// run starts a build and waits for its end.
type run func(ctx context.Context, b pipeline.Build) error

func (p *program) pipeline(ctx context.Context) (run, error) {
	text, err := p.setting(install.VariablePipeline)
	if err != nil {
		return nil, err
	}
	var c pipelines
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, invalid(install.VariablePipeline, err)
	}
	if c.Webhook != nil {
		if r, known, err := p.webhook(c.Webhook.URL); err != nil || known {
			return r, err
		}
	}
	followed, err := p.followed(ctx, c)
	if err != nil {
		return nil, invalid(install.VariablePipeline, err)
	}
	return p.follow(followed), nil
}

func (p *program) follow(followed pipeline.Pipeline) run {
	return func(ctx context.Context, b pipeline.Build) error {
		id, err := followed.Start(ctx, b)
		if err != nil {
			return err
		}
		p.log.Info("building", "run", string(id), "token", b.Token())
		_, err = pipeline.Follow(ctx, followed, id, pipeline.Following{Progress: func(line string) { p.log.Info("building", "progress", line) }})
		return err
	}
}

func (p *program) followed(ctx context.Context, c pipelines) (pipeline.Pipeline, error) {
	switch {
	case c.CodeBuild != nil:
		config, err := p.aws(ctx)
		if err != nil {
			return nil, err
		}
		return codebuild.New(config, c.CodeBuild.Project)
	case c.GitHub != nil:
		owner, repository, _ := strings.Cut(c.GitHub.Repository, "/")
		return github.New(github.Options{
			Owner: owner, Repository: repository, Workflow: c.GitHub.Workflow, Event: c.GitHub.Event, Ref: c.GitHub.Ref,
			Caller: p.caller(),
		})
	case c.GitLab != nil:
		api, err := url.Parse(strings.TrimSuffix(c.GitLab.URL, "/") + "/api/v4")
		if err != nil {
			return nil, err
		}
		return gitlab.New(gitlab.Options{
			API: api, Project: c.GitLab.Project, Ref: c.GitLab.Ref,
			TriggerToken: p.token(install.VariablePipelineTrigger), Caller: p.caller(),
		})
	case c.Jenkins != nil:
		at, err := url.Parse(c.Jenkins.URL)
		if err != nil {
			return nil, err
		}
		return jenkins.New(jenkins.Options{
			Address: at, Job: c.Jenkins.Job, User: p.world.Getenv(install.VariablePipelineUser), Caller: p.caller(),
		})
	}
	return nil, errors.New("it names no pipeline: codeBuild, github, gitlab, jenkins or webhook")
}

// webhook is a URL alone. GitHub's can be followed all the same.
func (p *program) webhook(address string) (r run, known bool, err error) {
	if o, is := github.FromAddress(address); is {
		o.Caller = p.caller()
		followed, err := github.New(o)
		if err != nil {
			return nil, true, invalid(install.VariablePipeline, err)
		}
		return p.follow(followed), true, nil
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, true, invalid(install.VariablePipeline, err)
	}
	hook, err := webhook.New(webhook.Options{Address: at, Caller: p.caller()})
	if err != nil {
		return nil, true, invalid(install.VariablePipeline, err)
	}
	return func(ctx context.Context, b pipeline.Build) error {
		if err := hook.Start(ctx, b); err != nil {
			return err
		}
		return p.awaitImage(ctx, b)
	}, true, nil
}

// imageEvery is how often the registry is asked for the image of a pipeline that
// cannot be followed.
const imageEvery = 15 * time.Second

// awaitImage waits for what a webhook has started; the Job's deadline ends it.
func (p *program) awaitImage(ctx context.Context, b pipeline.Build) error {
	found, err := p.images(ctx)
	if err != nil {
		return err
	}
	for {
		if _, err := found.Image(ctx, b.Tag()); !errors.Is(err, pipeline.ErrNotFound) {
			return err
		}
		if err := pipeline.Wait(ctx, imageEvery); err != nil {
			return err
		}
	}
}

// caller asks the pipeline's service.
func (p *program) caller() rest.Caller {
	return rest.Caller{Token: p.token(install.VariablePipelineToken)}
}

func (p *program) token(name string) func() string {
	return func() string { return p.world.Getenv(name) }
}

// images are those of the portal's repository in ECR.
type images struct {
	pipeline.Images
	// repository is its URL; name is its name in the registry.
	repository, name string
}

var _ install.Images = images{}

func (p *program) images(ctx context.Context) (images, error) {
	repository, err := p.setting(install.VariableRepository)
	if err != nil {
		return images{}, err
	}
	config, err := p.aws(ctx)
	if err != nil {
		return images{}, err
	}
	_, name, found := strings.Cut(repository, "/")
	if !found {
		return images{}, invalid(install.VariableRepository, errors.New("want REGISTRY/NAME"))
	}
	return images{ecrimage.New(config), repository, name}, nil
}

// Image implements install.Images.
func (i images) Image(ctx context.Context, tag string) (install.Image, error) {
	if strings.HasPrefix(tag, "sha256:") {
		return install.Image{Pinned: i.repository + "@" + tag}, nil
	}
	digest, err := pipeline.Image(ctx, i.Images, i.name, tag)
	if err != nil {
		return install.Image{}, err
	}
	return install.Image{Pinned: i.repository + "@" + digest, Tagged: i.repository + ":" + tag}, nil
}

// refused tells what a pipeline refused from what another try may change.
func refused(err error) error {
	for _, final := range []error{pipeline.ErrFailed, pipeline.ErrTime, pipeline.ErrDenied, pipeline.ErrNotFound, pipeline.ErrRefused} {
		if errors.Is(err, final) {
			return &install.RefusedError{Reason: err.Error()}
		}
	}
	return err
}
