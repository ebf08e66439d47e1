package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline/github"
	"gatehouse/plugins/pipeline/pipelinetest"
)

// service answers as GitHub's REST API documents ("Create a workflow dispatch event",
// "Create a repository dispatch event", "Workflow runs").
type service struct {
	mu     sync.Mutex
	token  string
	named  bool // the workflow has run-name
	hidden int  // how many lists do not show a new run yet
	runs   []map[string]any
	bodies []map[string]any
}

func say(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+s.token || r.Header.Get("X-GitHub-Api-Version") == "" {
		say(w, 401, map[string]string{"message": "Bad credentials"})
		return
	}
	path, found := strings.CutPrefix(r.URL.Path, "/repos/acme/portal")
	if !found {
		say(w, 404, map[string]string{"message": "Not Found"})
		return
	}
	switch r.Method + " " + path {
	case "POST /actions/workflows/plugin-install.yml/dispatches", "POST /dispatches":
		s.dispatch(w, r, path == "/dispatches")
	case "GET /actions/workflows/plugin-install.yml/runs", "GET /actions/runs":
		shown := []map[string]any{}
		for i := len(s.runs) - 1; i >= 0; i-- {
			if i == len(s.runs)-1 && s.hidden > 0 {
				s.hidden--
				continue
			}
			if s.runs[i]["event"] == r.URL.Query().Get("event") {
				shown = append(shown, s.runs[i])
			}
		}
		say(w, 200, map[string]any{"total_count": len(shown), "workflow_runs": shown})
	default:
		for _, run := range s.runs {
			switch r.Method + " " + path {
			case fmt.Sprintf("GET /actions/runs/%d", run["id"]):
				say(w, 200, run)
				return
			case fmt.Sprintf("POST /actions/runs/%d/cancel", run["id"]):
				if run["status"] == "completed" {
					say(w, 409, map[string]string{"message": "Cannot cancel a workflow run that is completed."})
					return
				}
				run["status"], run["conclusion"] = "completed", "cancelled"
				say(w, 202, map[string]any{})
				return
			}
		}
		say(w, 404, map[string]string{"message": "Not Found"})
	}
}

func (s *service) dispatch(w http.ResponseWriter, r *http.Request, repository bool) {
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	s.bodies = append(s.bodies, body)
	event, key := "workflow_dispatch", "inputs"
	if repository {
		event, key = "repository_dispatch", "client_payload"
	} else if body["ref"] != "main" {
		say(w, 422, map[string]string{"message": "No ref found for: " + fmt.Sprint(body["ref"])})
		return
	}
	title := "Install a plugin"
	if values, is := body[key].(map[string]any); is && s.named {
		title = "plugin " + fmt.Sprint(values["correlation"])
	}
	id := len(s.runs) + 101
	s.runs = append(s.runs, map[string]any{
		"id": id, "event": event, "display_title": title, "status": "queued", "conclusion": nil,
		"html_url": fmt.Sprintf("https://github.com/acme/portal/actions/runs/%d", id),
	})
	w.WriteHeader(http.StatusNoContent)
}

func (s *service) set(status string, conclusion any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[len(s.runs)-1]["status"], s.runs[len(s.runs)-1]["conclusion"] = status, conclusion
}

func scene(t *testing.T, change ...func(*github.Options)) (*service, *pipelinetest.Server, *github.Pipeline) {
	t.Helper()
	s := &service{token: "secret", named: true}
	server := pipelinetest.New(t, s)
	o := github.Options{
		API: server.URL, Owner: "acme", Repository: "portal", Workflow: "plugin-install.yml",
		Token: func() string { return "secret" }, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, each := range change {
		each(&o)
	}
	p, err := github.New(o)
	require.NoError(t, err)
	return s, server, p
}
