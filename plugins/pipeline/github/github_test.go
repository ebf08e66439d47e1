package github_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/github"
	"gatehouse/plugins/pipeline/pipelinetest"
)

func TestAWorkflowIsStartedOnceAndFollowed(t *testing.T) {
	for event, change := range map[string]func(*github.Options){
		"workflow_dispatch": nil, "repository_dispatch": func(o *github.Options) { o.Workflow = "" },
	} {
		t.Run(event, func(t *testing.T) {
			s, server, p := scene(t, change)
			s.hidden = 3
			b := pipelinetest.Build(t, "1")
			pipelinetest.StartsOnce(t, server, p, b, "101")
			if event == "workflow_dispatch" {
				require.Equal(t, "main", s.bodies[0]["ref"])
				require.Equal(t, b.Token(), s.bodies[0]["inputs"].(map[string]any)["correlation"])
			} else {
				require.Equal(t, "plugin-install", s.bodies[0]["event_type"])
				payload := s.bodies[0]["client_payload"].(map[string]any)
				require.Equal(t, []any{"@acme/plugin-one", "1.2.3", "production"}, []any{payload["plugin_name"], payload["plugin_version"], payload["environment"]})
			}
			other, err := p.Start(t.Context(), pipelinetest.Build(t, "2"))
			require.NoError(t, err)
			require.Equal(t, pipeline.RunID("102"), other, "another attempt is another run")
			s.set("completed", "success")
			status, err := pipeline.Follow(t.Context(), p, other, pipeline.Following{})
			require.NoError(t, err)
			require.Equal(t, pipeline.Status{Phase: pipeline.Succeeded, Detail: "success", Link: "https://github.com/acme/portal/actions/runs/102"}, status)
		})
	}
}

func TestStatusAndCancel(t *testing.T) {
	s, _, p := scene(t)
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	for status, want := range map[[2]string]pipeline.Phase{
		{"queued"}: pipeline.Queued, {"waiting"}: pipeline.Queued, {"pending"}: pipeline.Queued, {"requested"}: pipeline.Queued,
		{"in_progress"}: pipeline.Running, {"completed", "failure"}: pipeline.Failed, {"completed", "timed_out"}: pipeline.Failed,
		{"completed", "action_required"}: pipeline.Failed, {"completed", "neutral"}: pipeline.Failed, {"completed", "skipped"}: pipeline.Failed,
		{"completed", "cancelled"}: pipeline.Cancelled, {"completed", "success"}: pipeline.Succeeded, {"completed", ""}: pipeline.Failed,
	} {
		s.set(status[0], status[1])
		got, err := p.Status(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, want, got.Phase, status)
	}
	s.set("new word", nil)
	_, err = p.Status(t.Context(), id)
	require.ErrorIs(t, err, pipeline.ErrInvalid)
	_, err = p.Status(t.Context(), "9")
	require.ErrorIs(t, err, pipeline.ErrNotFound)

	s.set("in_progress", nil)
	require.NoError(t, p.Cancel(t.Context(), id))
	require.NoError(t, p.Cancel(t.Context(), id), "it has ended")
	require.ErrorIs(t, p.Cancel(t.Context(), "9"), pipeline.ErrNotFound)
}

// However the answer is lost: there is one run, and it is found.
func TestALostAnswerStartsNothingTwice(t *testing.T) {
	for name, fault := range map[string]pipelinetest.Fault{
		"lost": {Method: "POST", Times: 1, Lose: true}, "502": {Method: "POST", Times: 1, Status: 502}, "stalled": {Method: "POST", Times: 1, Stall: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, server, p := scene(t, func(o *github.Options) { o.HTTP = &http.Client{Timeout: 200 * time.Millisecond} })
			s.hidden = 4
			server.Fail(fault)
			b := pipelinetest.Build(t, "1")
			id, err := p.Start(t.Context(), b)
			if name != "lost" {
				require.ErrorIs(t, err, pipeline.ErrUncertain)
				require.Equal(t, 1, server.Count("POST"), "and not asked again")
				id, err = p.Start(t.Context(), b)
			}
			require.NoError(t, err)
			require.Equal(t, pipeline.RunID("101"), id)
			require.Len(t, s.runs, 1)
		})
	}
	s, _, p := scene(t)
	s.named = false
	_, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.ErrorIs(t, err, pipeline.ErrUncertain)
	require.ErrorContains(t, err, "run-name")
}

func TestRefusals(t *testing.T) {
	b := pipelinetest.Build(t, "1")
	for name, c := range map[string]struct {
		change func(*github.Options)
		fault  pipelinetest.Fault
		want   error
		posts  int
	}{
		"wrong token": {change: func(o *github.Options) { o.Token = func() string { return "other-secret" } }, want: pipeline.ErrDenied},
		"no token":    {change: func(o *github.Options) { o.Token = func() string { return "" } }, want: pipeline.ErrDenied},
		"no workflow": {change: func(o *github.Options) { o.Workflow = "other.yml" }, want: pipeline.ErrDenied},
		"no ref":      {change: func(o *github.Options) { o.Ref = "other" }, want: pipeline.ErrRefused, posts: 1},
		"read only": {
			fault: pipelinetest.Fault{Method: "POST", Times: 9, Status: 403, Body: `{"message":"Resource not accessible by personal access token"}`},
			want:  pipeline.ErrDenied, posts: 1,
		},
		"limited": {
			fault: pipelinetest.Fault{Method: "POST", Times: 9, Status: 403, Header: http.Header{"X-Ratelimit-Remaining": {"0"}}},
			want:  pipeline.ErrUnavailable, posts: 1,
		},
		"limited a little": {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 429, Header: http.Header{"Retry-After": {"60"}}}, want: pipeline.ErrUnavailable},
		"down":             {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 500}, want: pipeline.ErrUnavailable},
		"nonsense":         {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 200, Body: "<html>"}, want: pipeline.ErrInvalid},
		"moved":            {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 301, Header: http.Header{"Location": {"https://example.com"}}}, want: pipeline.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s, server, p := scene(t, c.change)
			server.Fail(c.fault)
			_, err := p.Start(t.Context(), b)
			require.ErrorIs(t, err, c.want)
			require.NotContains(t, err.Error(), "secret")
			require.Empty(t, s.runs)
			require.Equal(t, c.posts, server.Count("POST"))
		})
	}
	// What passes is waited for.
	_, server, p := scene(t)
	server.Fail(pipelinetest.Fault{Method: "GET", Times: 3, Status: 503})
	_, err := p.Start(t.Context(), b)
	require.NoError(t, err)
}

func TestFromAddress(t *testing.T) {
	for text, want := range map[string]github.Options{
		"https://github.com/org/repo/actions/workflows/plugin-install.yml":                         {Owner: "org", Repository: "repo", Workflow: "plugin-install.yml"},
		"https://api.github.com/repos/ORG/REPO/dispatches":                                         {Owner: "ORG", Repository: "REPO"},
		"https://api.github.com/repos/ORG/REPO/actions/workflows/plugin-install.yml/dispatches":    {Owner: "ORG", Repository: "REPO", Workflow: "plugin-install.yml"},
		"http://github.com/org/repo/actions/workflows/plugin-install.yml":                          {},
		"https://example.com/org/repo/actions/workflows/plugin-install.yml":                        {},
		"https://github.com/org/repo":                                                              {},
		"https://api.github.com/repos/ORG/REPO/actions/workflows/plugin-install.yml/dispatches/x/": {},
	} {
		got, known := github.FromAddress(text)
		require.Equal(t, want.Owner != "", known, text)
		require.Equal(t, want, got)
	}
	for _, o := range []github.Options{
		{Owner: "a/b", Repository: "c"},
		{Owner: "a"},
		{Owner: "a", Repository: "b", Workflow: "../x"},
		{Owner: "a", Repository: "b", API: &url.URL{Scheme: "http", Host: "github.example"}},
	} {
		_, err := github.New(o)
		require.Error(t, err)
	}
}
