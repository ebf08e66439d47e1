package jenkins_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/jenkins"
	"gatehouse/plugins/pipeline/pipelinetest"
)

// service answers as Jenkins's Remote Access API: items of a queue that become builds,
// and redirects after changes.
type service struct {
	mu     sync.Mutex
	items  []map[string]any // in the queue, or just out of it
	builds []map[string]any
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if user, token, _ := r.BasicAuth(); user != "robot" || token != pipelinetest.Token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	const job = "/ci/job/portal/job/plugins"
	switch r.Method + " " + r.URL.Path {
	case "POST " + job + "/buildWithParameters":
		_ = r.ParseForm()
		var parameters []map[string]any
		for name := range r.PostForm {
			parameters = append(parameters, map[string]any{"name": name, "value": r.PostForm.Get(name)})
		}
		id := len(s.items) + 7
		s.items = append(s.items, map[string]any{"id": id, "why": "In the quiet period", "actions": []any{map[string]any{}, map[string]any{"parameters": parameters}}})
		w.Header().Set("Location", fmt.Sprintf("http://%s/ci/queue/item/%d/", r.Host, id))
		w.WriteHeader(http.StatusCreated)
	case "GET /ci/queue/api/json":
		waiting := []any{}
		for _, each := range s.items {
			if each["executable"] == nil && each["gone"] == nil {
				waiting = append(waiting, each)
			}
		}
		pipelinetest.Say(w, http.StatusOK, map[string]any{"items": waiting})
	case "GET " + job + "/api/json":
		pipelinetest.Say(w, http.StatusOK, map[string]any{"builds": s.builds})
	case "POST /ci/queue/cancelItem":
		for _, each := range s.items {
			if r.FormValue("id") == fmt.Sprint(each["id"]) {
				each["cancelled"] = true
			}
		}
		http.Redirect(w, r, "/ci/queue/", http.StatusFound)
	default:
		for _, each := range s.items {
			if r.URL.Path == fmt.Sprintf("/ci/queue/item/%d/api/json", each["id"]) && each["gone"] == nil {
				pipelinetest.Say(w, http.StatusOK, each)
				return
			}
		}
		for _, each := range s.builds {
			switch r.Method + " " + r.URL.Path {
			case fmt.Sprintf("GET %s/%d/api/json", job, each["number"]):
				pipelinetest.Say(w, http.StatusOK, each)
				return
			case fmt.Sprintf("POST %s/%d/stop", job, each["number"]):
				each["building"], each["result"] = false, "ABORTED"
				http.Redirect(w, r, job, http.StatusFound)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}
}

// run builds the newest item; forget lets the queue forget it.
func (s *service) run(forget bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	item := s.items[len(s.items)-1]
	number := len(s.builds) + 1
	item["executable"] = map[string]any{"number": number}
	if forget {
		item["gone"] = true
	}
	s.builds = append(s.builds, map[string]any{
		"number": number, "url": "https://jenkins.example/" + strconv.Itoa(number) + "/", "building": true, "result": nil,
		"queueId": item["id"], "actions": item["actions"],
	})
}

func (s *service) end(result string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.builds[len(s.builds)-1]["building"], s.builds[len(s.builds)-1]["result"] = false, result
}

func scene(t *testing.T, change ...func(*jenkins.Options)) (*service, *pipelinetest.Server, *jenkins.Pipeline) {
	t.Helper()
	s := &service{}
	server := pipelinetest.New(t, s)
	o := jenkins.Options{
		Address: server.URL.JoinPath("ci"), Job: "portal/plugins", User: "robot", Caller: pipelinetest.Caller(),
	}
	return s, server, pipelinetest.Open(t, jenkins.New, o, change)
}

func TestAJobIsStartedOnceAndFollowed(t *testing.T) {
	for name, forgets := range map[string]bool{"remembered": false, "forgotten": true} {
		t.Run(name, func(t *testing.T) {
			s, server, p := scene(t)
			b := pipelinetest.Build(t, "1")
			id, err := p.Start(t.Context(), b)
			require.NoError(t, err)
			require.Equal(t, pipeline.RunID("7"), id)
			status, err := p.Status(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, pipeline.Status{Phase: pipeline.Queued, Detail: "In the quiet period"}, status)
			again, err := p.Start(t.Context(), b)
			require.NoError(t, err)
			require.Equal(t, id, again, "found in the queue")
			s.run(forgets)
			status, err = p.Status(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, pipeline.Status{Phase: pipeline.Running, Link: "https://jenkins.example/1/"}, status)
			again, err = p.Start(t.Context(), b)
			require.NoError(t, err)
			require.Equal(t, id, again, "found among the builds")
			require.Equal(t, 1, server.Count("POST"))
			for result, want := range map[string]pipeline.Phase{
				"SUCCESS": pipeline.Succeeded, "UNSTABLE": pipeline.Failed, "FAILURE": pipeline.Failed, "NOT_BUILT": pipeline.Failed, "ABORTED": pipeline.Cancelled,
			} {
				s.end(result)
				status, err = p.Status(t.Context(), id)
				require.NoError(t, err)
				require.Equal(t, want, status.Phase)
				require.Equal(t, result, status.Detail)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	s, server, p := scene(t)
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.NoError(t, p.Cancel(t.Context(), id))
	status, err := p.Status(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, pipeline.Cancelled, status.Phase)

	id, err = p.Start(t.Context(), pipelinetest.Build(t, "2"))
	require.NoError(t, err)
	s.run(false)
	require.NoError(t, p.Cancel(t.Context(), id))
	posts := server.Count("POST")
	require.NoError(t, p.Cancel(t.Context(), id), "it has ended")
	require.Equal(t, posts, server.Count("POST"))
	status, err = p.Status(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, pipeline.Cancelled, status.Phase)
	require.ErrorIs(t, p.Cancel(t.Context(), "99"), pipeline.ErrNotFound)
	require.ErrorIs(t, p.Cancel(t.Context(), "../x"), pipeline.ErrNotFound)
}

func TestALostAnswerStartsNothingTwice(t *testing.T) {
	s, server, p := scene(t)
	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Lose: true})
	id, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
	require.NoError(t, err)
	require.Equal(t, pipeline.RunID("7"), id)
	require.Len(t, s.items, 1)
	server.Fail(pipelinetest.Fault{Method: "POST", Times: 1, Status: http.StatusCreated})
	_, err = p.Start(t.Context(), pipelinetest.Build(t, "2"))
	require.ErrorIs(t, err, pipeline.ErrUncertain, "it names no item, and none is there")
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*jenkins.Options)
		fault  pipelinetest.Fault
		want   error
	}{
		"wrong token": {change: func(o *jenkins.Options) { o.Token = func() string { return "other-secret" } }, want: pipeline.ErrDenied},
		"no job":      {change: func(o *jenkins.Options) { o.Job = "other" }, want: pipeline.ErrDenied},
		"forbidden":   {fault: pipelinetest.Fault{Method: "POST", Times: 1, Status: 403}, want: pipeline.ErrDenied},
		"down":        {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 503}, want: pipeline.ErrUnavailable},
		"moved":       {fault: pipelinetest.Fault{Method: "GET", Times: 9, Status: 302, Header: http.Header{"Location": {"/login"}}}, want: pipeline.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s, server, p := scene(t, c.change)
			server.Fail(c.fault)
			_, err := p.Start(t.Context(), pipelinetest.Build(t, "1"))
			require.ErrorIs(t, err, c.want)
			require.NotContains(t, err.Error(), "secret")
			require.Empty(t, s.items)
		})
	}
	for _, job := range []string{"", "a//b", "../x"} {
		_, err := jenkins.New(jenkins.Options{Job: job})
		require.ErrorContains(t, err, "no name of a job")
	}
}
