package codebuild_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodebuild "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/codebuild"
	"gatehouse/plugins/pipeline/pipelinetest"
	"gatehouse/sandbox/sandboxtest"
)

var times = regexp.MustCompile(`"(startTime|endTime)": ?"([^"]+)"`)

// numbered is the emulator with its times as numbers, which is how AWS JSON 1.1 writes
// them: moto sends texts, and the SDK reads none.
func numbered(t *testing.T, endpoint string) string {
	t.Helper()
	at, err := url.Parse(endpoint)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(at)
	proxy.ModifyResponse = func(answer *http.Response) error {
		content, err := io.ReadAll(answer.Body)
		if err != nil {
			return err
		}
		content = times.ReplaceAll(content, []byte(`"$1": 1800000000`))
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
		answer.Header.Set("Content-Length", strconv.Itoa(len(content)))
		answer.Header.Del("X-Amz-Crc32") // it was of the other content
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

func TestABuildOfTheEmulator(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs moto_server")
	}
	endpoint, stop := sandboxtest.OwnAWS(t)
	cfg := sandboxtest.Config(numbered(t, endpoint))
	p, err := codebuild.New(cfg, "portal")
	require.NoError(t, err)
	_, err = awscodebuild.NewFromConfig(cfg).CreateProject(t.Context(), &awscodebuild.CreateProjectInput{
		Name: aws.String("portal"), ServiceRole: aws.String("arn:aws:iam::123456789012:role/build"),
		Source:      &types.ProjectSource{Type: types.SourceTypeCodecommit, Location: aws.String("https://example.com/portal.git")},
		Artifacts:   &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
		Environment: &types.ProjectEnvironment{Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("i"), ComputeType: types.ComputeTypeBuildGeneral1Small},
	})
	require.NoError(t, err)
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(id), "portal:"))
	status, err := pipeline.Follow(t.Context(), p, id, pipeline.Following{})
	require.NoError(t, err)
	require.Equal(t, pipeline.Succeeded, status.Phase)
	require.NotEmpty(t, status.Link)
	require.NoError(t, p.Cancel(t.Context(), id))
	_, err = p.Status(t.Context(), "portal:none")
	require.ErrorIs(t, err, pipeline.ErrNotFound)
	stop()
	_, err = p.Status(t.Context(), id)
	require.ErrorIs(t, err, pipeline.ErrUnavailable)
	_, err = p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.ErrorIs(t, err, pipeline.ErrUnavailable)
}

// service answers as CodeBuild's API reference documents (JSON 1.1), with what the
// emulator leaves out: variables, the idempotency token, statuses and errors.
type service struct {
	mu     sync.Mutex
	builds []map[string]any
	starts int
	lose   bool // the answer to the next start
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var in struct {
		ProjectName, IdempotencyToken string
		IDs                           []string
		EnvironmentVariablesOverride  []map[string]string
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	say := func(value any) { _ = json.NewEncoder(w).Encode(value) }
	switch action := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "CodeBuild_20161006."); action {
	case "StartBuild":
		s.starts++
		for _, each := range s.builds {
			if each["token"] == in.IdempotencyToken {
				say(map[string]any{"build": each})
				return
			}
		}
		build := map[string]any{
			"id": fmt.Sprintf("portal:%d", len(s.builds)+1), "buildStatus": "IN_PROGRESS", "currentPhase": "QUEUED", "token": in.IdempotencyToken,
			"environment": map[string]any{"environmentVariables": in.EnvironmentVariablesOverride},
		}
		s.builds = append([]map[string]any{build}, s.builds...)
		if s.lose {
			s.lose = false
			panic(http.ErrAbortHandler)
		}
		say(map[string]any{"build": build})
	case "ListBuildsForProject":
		if in.ProjectName != "portal" {
			w.WriteHeader(http.StatusBadRequest)
			say(map[string]string{"__type": "ResourceNotFoundException", "message": "no such project"})
			return
		}
		ids := []any{}
		for _, each := range s.builds {
			ids = append(ids, each["id"])
		}
		say(map[string]any{"ids": ids})
	case "BatchGetBuilds":
		found := []any{}
		for _, each := range s.builds {
			if slices.Contains(in.IDs, each["id"].(string)) {
				found = append(found, each)
			}
		}
		say(map[string]any{"builds": found})
	default:
		w.WriteHeader(http.StatusBadRequest)
		say(map[string]string{"__type": "InvalidInputException", "message": action})
	}
}

func scene(t *testing.T, tries int) (*service, *pipelinetest.Server, *codebuild.Pipeline) {
	t.Helper()
	s := &service{}
	server := pipelinetest.New(t, s)
	cfg := sandboxtest.Config(server.URL.String())
	cfg.RetryMaxAttempts = tries
	p, err := codebuild.New(cfg, "portal")
	require.NoError(t, err)
	return s, server, p
}

func TestABuildIsStartedOnce(t *testing.T) {
	s, _, p := scene(t, 1)
	b := pipelinetest.Build(t, "1")
	id, err := p.Start(t.Context(), b)
	require.NoError(t, err)
	require.Equal(t, pipeline.RunID("portal:1"), id)
	again, err := p.Start(t.Context(), b)
	require.NoError(t, err)
	require.Equal(t, id, again)
	require.Equal(t, 1, s.starts, "found by its variable")
	other, err := p.Start(t.Context(), pipelinetest.Build(t, "2"))
	require.NoError(t, err)
	require.NotEqual(t, id, other)
	variables := s.builds[1]["environment"].(map[string]any)["environmentVariables"].([]map[string]string)
	require.Contains(t, variables, map[string]string{"name": "PLUGIN_NAME", "value": "@acme/plugin-one", "type": "PLAINTEXT"})
	for status, want := range map[string]pipeline.Phase{
		"SUCCEEDED": pipeline.Succeeded, "FAILED": pipeline.Failed, "FAULT": pipeline.Failed, "TIMED_OUT": pipeline.Failed, "STOPPED": pipeline.Cancelled,
	} {
		s.builds[1]["buildStatus"] = status
		got, err := p.Status(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, pipeline.Status{Phase: want, Detail: status}, got)
	}
	s.builds[1]["buildStatus"] = "IN_PROGRESS"
	for phase, want := range map[string]pipeline.Phase{"SUBMITTED": pipeline.Queued, "QUEUED": pipeline.Queued, "BUILD": pipeline.Running} {
		s.builds[1]["currentPhase"] = phase
		got, err := p.Status(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, want, got.Phase)
	}
	s.builds[1]["buildStatus"] = "NEW_WORD"
	_, err = p.Status(t.Context(), id)
	require.ErrorIs(t, err, pipeline.ErrInvalid)
	require.ErrorIs(t, p.Cancel(t.Context(), id), pipeline.ErrRefused)
}

// The SDK asks again with the same token, and CodeBuild starts nothing again.
func TestALostAnswerStartsNothingTwice(t *testing.T) {
	s, server, p := scene(t, 3)
	s.lose = true
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.Equal(t, pipeline.RunID("portal:1"), id)
	require.Equal(t, 2, s.starts)
	require.Len(t, s.builds, 1)
	require.Len(t, server.Requests(), 3)

	s, _, p = scene(t, 1)
	s.lose = true
	_, err = p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.ErrorIs(t, err, pipeline.ErrUncertain)
	id, err = p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.Equal(t, pipeline.RunID("portal:1"), id)
	require.Equal(t, 1, s.starts)
}

func TestRefusals(t *testing.T) {
	for code, want := range map[string]error{
		"AccessDeniedException": pipeline.ErrDenied, "ThrottlingException": pipeline.ErrUnavailable, "InvalidInputException": pipeline.ErrRefused,
		"AccountLimitExceededException": pipeline.ErrUnavailable, "ResourceNotFoundException": pipeline.ErrNotFound,
	} {
		_, server, p := scene(t, 1)
		server.Fail(pipelinetest.Fault{Times: 1, Status: 400, Body: `{"__type":"` + code + `","message":"no"}`})
		_, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
		require.ErrorIs(t, err, want, code)
		require.NotContains(t, err.Error(), "secret")
	}
	_, server, p := scene(t, 1)
	server.Fail(pipelinetest.Fault{Times: 9, Status: 502, Body: "<html>"})
	_, err := p.Status(t.Context(), "portal:1")
	require.ErrorIs(t, err, pipeline.ErrUnavailable)
	_, err = codebuild.New(aws.Config{}, "")
	require.ErrorContains(t, err, "name a project")
}
