package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"gatehouse/plugins/pipeline/github"
	"gatehouse/plugins/pipeline/pipelinetest"
)

// service answers as GitHub's REST API documents ("Create a workflow dispatch event",
// "Create a repository dispatch event", "Workflow runs").
type service struct {
	mu     sync.Mutex
	named  bool // the workflow has run-name
	hidden int  // how many lists do not show a new run yet
	runs   []map[string]any
	bodies []map[string]any
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+pipelinetest.Token || r.Header.Get("X-GitHub-Api-Version") == "" {
		pipelinetest.Say(w, 401, map[string]string{"message": "Bad credentials"})
		return
	}
	path, found := strings.CutPrefix(r.URL.Path, "/repos/acme/portal")
	if !found {
		pipelinetest.Say(w, 404, map[string]string{"message": "Not Found"})
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
		pipelinetest.Say(w, 200, map[string]any{"total_count": len(shown), "workflow_runs": shown})
	default:
		for _, run := range s.runs {
			switch r.Method + " " + path {
			case fmt.Sprintf("GET /actions/runs/%d", run["id"]):
				pipelinetest.Say(w, 200, run)
				return
			case fmt.Sprintf("POST /actions/runs/%d/cancel", run["id"]):
				if run["status"] == "completed" {
					pipelinetest.Say(w, 409, map[string]string{"message": "Cannot cancel a workflow run that is completed."})
					return
				}
				run["status"], run["conclusion"] = "completed", "cancelled"
				pipelinetest.Say(w, 202, map[string]any{})
				return
			}
		}
		pipelinetest.Say(w, 404, map[string]string{"message": "Not Found"})
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
		pipelinetest.Say(w, 422, map[string]string{"message": "No ref found for: " + fmt.Sprint(body["ref"])})
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
	s := &service{named: true}
	server := pipelinetest.New(t, s)
	o := github.Options{
		API: server.URL, Owner: "acme", Repository: "portal", Workflow: "plugin-install.yml", Caller: pipelinetest.Caller(),
	}
	return s, server, pipelinetest.Open(t, github.New, o, change)
}
