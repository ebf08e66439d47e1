// Package codebuild builds by a project of AWS CodeBuild. It is a package of its own so
// that other pipelines link no AWS SDK.
package codebuild

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/internal/awsfault"
)

// Pipeline is a project. It needs codebuild:StartBuild, BatchGetBuilds,
// ListBuildsForProject and StopBuild on the project.
type Pipeline struct {
	client  *codebuild.Client
	project string
}

var _ pipeline.Pipeline = (*Pipeline)(nil)

// New is the pipeline of a project. Nothing is asked yet.
func New(cfg aws.Config, project string) (*Pipeline, error) {
	if project == "" {
		return nil, errors.New("use CodeBuild: name a project")
	}
	return &Pipeline{codebuild.NewFromConfig(cfg), project}, nil
}

// Start starts a build with the build's variables, unless one of the token is among
// the hundred newest. Within five minutes CodeBuild itself starts none twice of one
// idempotency token (API reference, StartBuild).
func (p *Pipeline) Start(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	id, err := p.start(ctx, b)
	if err != nil {
		return "", fmt.Errorf("start CodeBuild's project %s: %w", p.project, err)
	}
	return id, nil
}

func (p *Pipeline) start(ctx context.Context, b pipeline.Build) (pipeline.RunID, error) {
	id, err := p.find(ctx, b.Token())
	if err != nil || id != "" {
		return id, err
	}
	in := &codebuild.StartBuildInput{ProjectName: &p.project, IdempotencyToken: aws.String(b.Token())}
	for _, v := range b.Variables() {
		in.EnvironmentVariablesOverride = append(in.EnvironmentVariablesOverride,
			types.EnvironmentVariable{Name: aws.String(v.Name), Value: aws.String(v.Value), Type: types.EnvironmentVariableTypePlaintext})
	}
	out, err := p.client.StartBuild(ctx, in)
	switch err = awsfault.Explain("codebuild:StartBuild", err); {
	case err != nil && ctx.Err() != nil:
		return "", fmt.Errorf("%w: %w", pipeline.ErrUncertain, context.Cause(ctx))
	case errors.Is(err, pipeline.ErrUnavailable):
		return "", fmt.Errorf("%w: %w", pipeline.ErrUncertain, err)
	case err != nil:
		return "", err
	case out.Build == nil || aws.ToString(out.Build.Id) == "":
		return "", fmt.Errorf("%w: the answer names no build", pipeline.ErrInvalid)
	}
	return pipeline.RunID(*out.Build.Id), nil
}

// find gives "" when there is none.
func (p *Pipeline) find(ctx context.Context, token string) (pipeline.RunID, error) {
	list, err := p.client.ListBuildsForProject(ctx, &codebuild.ListBuildsForProjectInput{ProjectName: &p.project, SortOrder: types.SortOrderTypeDescending})
	if err != nil {
		return "", awsfault.Explain("codebuild:ListBuildsForProject", err)
	}
	if len(list.Ids) == 0 {
		return "", nil
	}
	builds, err := p.client.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: list.Ids[:min(len(list.Ids), 100)]})
	if err != nil {
		return "", awsfault.Explain("codebuild:BatchGetBuilds", err)
	}
	for _, each := range builds.Builds {
		if each.Environment != nil && slices.ContainsFunc(each.Environment.EnvironmentVariables, func(v types.EnvironmentVariable) bool {
			return aws.ToString(v.Name) == pipeline.CorrelationVariable && aws.ToString(v.Value) == token
		}) {
			return pipeline.RunID(aws.ToString(each.Id)), nil
		}
	}
	return "", nil
}

// Status is how far a build is.
func (p *Pipeline) Status(ctx context.Context, id pipeline.RunID) (pipeline.Status, error) {
	out, err := p.client.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: []string{string(id)}})
	if err != nil {
		return pipeline.Status{}, fmt.Errorf("look at CodeBuild's build: %w", awsfault.Explain("codebuild:BatchGetBuilds", err))
	}
	if len(out.Builds) == 0 {
		return pipeline.Status{}, fmt.Errorf("look at CodeBuild's build: %w: %s", pipeline.ErrNotFound, id)
	}
	b := out.Builds[0]
	s := pipeline.Status{Detail: string(b.BuildStatus)}
	if b.Logs != nil {
		s.Link = aws.ToString(b.Logs.DeepLink)
	}
	switch b.BuildStatus {
	case types.StatusTypeSucceeded:
		s.Phase = pipeline.Succeeded
	case types.StatusTypeFailed, types.StatusTypeFault, types.StatusTypeTimedOut:
		s.Phase = pipeline.Failed
	case types.StatusTypeStopped:
		s.Phase = pipeline.Cancelled
	case types.StatusTypeInProgress:
		s.Detail, s.Phase = aws.ToString(b.CurrentPhase), pipeline.Running
		if s.Detail == string(types.BuildPhaseTypeSubmitted) || s.Detail == string(types.BuildPhaseTypeQueued) {
			s.Phase = pipeline.Queued
		}
	default:
		return pipeline.Status{}, fmt.Errorf("look at CodeBuild's build: %w: unknown status %q", pipeline.ErrInvalid, b.BuildStatus)
	}
	return s, nil
}

// Cancel stops a build. CodeBuild takes it of one that has ended.
func (p *Pipeline) Cancel(ctx context.Context, id pipeline.RunID) error {
	if _, err := p.client.StopBuild(ctx, &codebuild.StopBuildInput{Id: aws.String(string(id))}); err != nil {
		return fmt.Errorf("cancel CodeBuild's build: %w", awsfault.Explain("codebuild:StopBuild", err))
	}
	return nil
}
