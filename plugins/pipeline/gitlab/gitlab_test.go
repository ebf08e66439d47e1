package gitlab_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/gitlab"
	"gatehouse/plugins/pipeline/pipelinetest"
)

// service answers as GitLab's REST API documents ("Trigger a pipeline with a token",
// "List project pipelines", "Cancel all jobs for a pipeline").
type service struct {
	mu   sync.Mutex
	runs []map[string]any
	form map[string]string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, found := strings.CutPrefix(r.URL.EscapedPath(), "/api/v4/projects/acme%2Fportal/")
	trigger := r.Method+" "+path == "POST trigger/pipeline"
	switch {
	case !found || trigger && r.FormValue("token") != "trigger-secret":
		pipelinetest.Say(w, 404, map[string]string{"message": "404 Not Found"})
	case trigger && r.FormValue("ref") != "main":
		pipelinetest.Say(w, 400, map[string]any{"message": map[string]any{"base": []string{"Reference not found"}}})
	case trigger:
		s.form = map[string]string{}
		for name := range r.PostForm {
			s.form[name] = r.PostForm.Get(name)
		}
		run := map[string]any{
			"id": len(s.runs) + 47, "status": "pending", "source": "trigger", "name": "plugin " + s.form["variables[PLUGIN_BUILD_CORRELATION]"],
			"web_url": fmt.Sprintf("https://gitlab.example/acme/portal/-/pipelines/%d", len(s.runs)+47),
		}
		s.runs = append([]map[string]any{run}, s.runs...)
		pipelinetest.Say(w, 201, run)
	case r.Header.Get("PRIVATE-TOKEN") != pipelinetest.Token:
		pipelinetest.Say(w, 401, map[string]string{"message": "401 Unauthorized"})
	case path == "pipelines":
		pipelinetest.Say(w, 200, append([]map[string]any{}, s.runs...))
	default:
		for _, run := range s.runs {
			switch r.Method + " " + path {
			case fmt.Sprintf("POST pipelines/%d/cancel", run["id"]):
				run["status"] = "canceled"
				pipelinetest.Say(w, 200, run)
				return
			case fmt.Sprintf("GET pipelines/%d", run["id"]):
				pipelinetest.Say(w, 200, run)
				return
			}
		}
		pipelinetest.Say(w, 404, map[string]string{"message": "404 Not found"})
	}
}

func scene(t *testing.T, change ...func(*gitlab.Options)) (*service, *pipelinetest.Server, *gitlab.Pipeline) {
	t.Helper()
	s := &service{}
	server := pipelinetest.New(t, s)
	o := gitlab.Options{
		API: server.URL.JoinPath("api/v4"), Project: "acme/portal", TriggerToken: func() string { return "trigger-secret" },
		Caller: pipelinetest.Caller(),
	}
	return s, server, pipelinetest.Open(t, gitlab.New, o, change)
}

func TestAPipelineIsStartedOnceAndFollowed(t *testing.T) {
	s, server, p := scene(t)
	b := pipelinetest.Build(t, "1")
	const id = pipeline.RunID("47")
	pipelinetest.StartsOnce(t, server, p, b, id)
	require.Equal(t, "@acme/plugin-one", s.form["variables[PLUGIN_NAME]"])
	require.Equal(t, "production", s.form["variables[PLUGIN_BUILD_ENVIRONMENT]"])
	for word, want := range map[string]pipeline.Phase{
		"created": pipeline.Queued, "waiting_for_resource": pipeline.Queued, "preparing": pipeline.Queued, "pending": pipeline.Queued, "manual": pipeline.Queued,
		"running": pipeline.Running, "canceling": pipeline.Running, "success": pipeline.Succeeded, "failed": pipeline.Failed, "skipped": pipeline.Failed, "canceled": pipeline.Cancelled,
	} {
		s.runs[0]["status"] = word
		status, err := p.Status(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, pipeline.Status{Phase: want, Detail: word, Link: "https://gitlab.example/acme/portal/-/pipelines/47"}, status)
	}
	s.runs[0]["status"] = "new word"
	_, err := p.Status(t.Context(), id)
	require.ErrorIs(t, err, pipeline.ErrInvalid)
	require.NoError(t, p.Cancel(t.Context(), id))
	require.Equal(t, "canceled", s.runs[0]["status"])
	require.ErrorIs(t, p.Cancel(t.Context(), "9"), pipeline.ErrNotFound)
	_, err = p.Status(t.Context(), "9")
	require.ErrorIs(t, err, pipeline.ErrNotFound)
	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Status: 500})
	require.NoError(t, p.Cancel(t.Context(), id), "it has ended")
}

func TestALostAnswerStartsNothingTwice(t *testing.T) {
	s, server, p := scene(t)
	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Lose: true})
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.Equal(t, pipeline.RunID("47"), id)
	require.Len(t, s.runs, 1)

	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Status: 201, Body: "{}"})
	_, err = p.Start(t.Context(), pipelinetest.Build(t, "2"))
	require.ErrorIs(t, err, pipeline.ErrUncertain)
	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Status: 500})
	_, err = p.Start(t.Context(), pipelinetest.Build(t, "2"))
	require.ErrorIs(t, err, pipeline.ErrUncertain)
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*gitlab.Options)
		want   error
	}{
		"wrong trigger token": {func(o *gitlab.Options) { o.TriggerToken = func() string { return "other-secret" } }, pipeline.ErrDenied},
		"wrong token":         {func(o *gitlab.Options) { o.Token = func() string { return "other-secret" } }, pipeline.ErrDenied},
		"no project":          {func(o *gitlab.Options) { o.Project = "acme/other" }, pipeline.ErrDenied},
		"no ref":              {func(o *gitlab.Options) { o.Ref = "other" }, pipeline.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, p := scene(t, c.change)
			_, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
			require.ErrorIs(t, err, c.want)
			require.NotContains(t, err.Error(), "secret")
			require.Empty(t, s.runs)
		})
	}
	_, err := gitlab.New(gitlab.Options{Project: "/"})
	require.ErrorContains(t, err, "no project")
}
