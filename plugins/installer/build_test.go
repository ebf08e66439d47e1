package installer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/install"
	"gatehouse/plugins/pipeline/pipelinetest"
	"gatehouse/sandbox/sandboxtest"
)

const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
	"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}`

// site is a GitLab, or a webhook, in front of the emulator's registry of images.
type site struct {
	t      *testing.T
	server *pipelinetest.Server
	images *ecr.Client
	// stop ends the registry.
	stop func()

	mu sync.Mutex
	// result is what becomes of a run; pushes tells whether it pushes the image.
	result string
	pushes bool
	runs   []map[string]any
}

func newSite(t *testing.T) *site {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs moto_server")
	}
	s := &site{t: t, result: "success", pushes: true}
	s.server = pipelinetest.New(t, s)
	endpoint, stop := sandboxtest.OwnAWS(t)
	s.stop = stop
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hidden",
		"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	s.images = ecr.NewFromConfig(aws.Config{Region: "us-west-2", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "hidden", "")})
	_, err := s.images.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("gate/backstage-backend")})
	require.NoError(t, err)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	say := func(value any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(value)
	}
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), "/api/v4/projects/acme%2Fportal/")
	switch {
	case r.URL.Path == "/hook" && r.Header.Get("Authorization") == "Bearer opens":
		var body struct {
			Payload map[string]string `json:"client_payload"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		s.push(body.Payload["tag"])
		say(map[string]any{})
	case r.Method+" "+path == "POST trigger/pipeline" && r.FormValue("token") == "starts":
		s.push(r.PostForm.Get("variables[PLUGIN_BUILD_TAG]"))
		run := map[string]any{"id": len(s.runs) + 47, "status": s.result, "source": "trigger", "name": r.PostForm.Get("variables[PLUGIN_BUILD_CORRELATION]")}
		s.runs = append([]map[string]any{run}, s.runs...)
		say(run)
	case r.Header.Get("PRIVATE-TOKEN") != "opens":
		w.WriteHeader(http.StatusUnauthorized)
	case path == "pipelines":
		say(append([]map[string]any{}, s.runs...))
	default:
		for _, run := range s.runs {
			if path == fmt.Sprintf("pipelines/%d", run["id"]) {
				say(run)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *site) push(tag string) {
	if !s.pushes {
		return
	}
	_, err := s.images.PutImage(s.t.Context(), &ecr.PutImageInput{
		RepositoryName: aws.String("gate/backstage-backend"), ImageTag: &tag, ImageManifest: aws.String(strings.Replace(manifest, `"size":2`, fmt.Sprintf(`"size":%d`, 2+len(s.runs)), 1)),
	})
	if err != nil {
		s.t.Errorf("push %s: %v", tag, err)
	}
}

// request is a build of one plugin in a version.
func request(t *testing.T, version string) string {
	t.Helper()
	p := pipelinetest.Plugin("@acme/plugin-one")
	p.Version = version
	text, err := install.Encode(install.BuildRequest{
		Plugins: []install.Plugin{{Ref: p.Ref, Integrity: p.Integrity, Strategy: "rebuild"}}, Base: "1.0.0", Environment: "production", Container: install.App,
	})
	require.NoError(t, err)
	return text
}

// env is that of the Job that builds.
func (s *site) env(version string) map[string]string {
	return map[string]string{
		install.VariableRequest: request(s.t, version), install.VariableRepository: "registry.example/gate/backstage-backend",
		install.VariablePipeline:      fmt.Sprintf(`{"gitlab":{"url":%q,"project":"acme/portal","ref":"main"}}`, s.server.URL),
		install.VariablePipelineToken: "opens", install.VariablePipelineTrigger: "starts", install.VariablePod: "pod-1", install.VariableAttempt: "job-1",
	}
}

func TestAnImageIsBuiltOnce(t *testing.T) {
	s := newSite(t)
	code, out, message := run(t, s.env("1.0.0"), "build")
	require.Equal(t, install.ExitDone, code, message)
	require.Contains(t, out, `"image":"registry.example/gate/backstage-backend@sha256:`)
	require.Equal(t, 1, s.server.Count("POST"))
	again := s.env("1.0.0")
	again[install.VariablePod], again[install.VariableAttempt] = "pod-2", "job-2"
	asked := len(s.server.Requests())
	code, out, message = run(t, again, "build")
	require.Equal(t, install.ExitDone, code, message)
	require.Contains(t, out, "built already")
	require.Len(t, s.server.Requests(), asked, "the pipeline is asked for nothing")
}

// All pods of a Job are one attempt, whatever became of its run; another Job is another.
func TestPodsOfAJobShareARun(t *testing.T) {
	s := newSite(t)
	s.result, s.pushes = "failed", false
	env := s.env("1.0.0")
	for _, pod := range []string{"pod-1", "pod-2"} {
		env[install.VariablePod] = pod
		code, _, message := run(t, env, "build")
		require.Equal(t, install.ExitRefused, code, message)
		require.Contains(t, message, "did not succeed")
		require.Equal(t, 1, s.server.Count("POST"), pod)
	}
	s.result, s.pushes = "success", true
	env[install.VariableAttempt] = "job-2"
	code, _, message := run(t, env, "build")
	require.Equal(t, install.ExitDone, code, message)
	require.Equal(t, 2, s.server.Count("POST"))

	delete(env, install.VariableAttempt)
	env[install.VariableRequest] = request(t, "1.0.1")
	code, _, message = run(t, env, "build")
	require.Equal(t, install.ExitDone, code, message)
	delete(env, install.VariablePod)
	env[install.VariableRequest] = request(t, "1.0.2")
	code, _, message = run(t, env, "build")
	require.Equal(t, install.ExitInvalid, code, message)
	require.Contains(t, message, install.VariablePod)
}

func TestBuildsThatFail(t *testing.T) {
	s := newSite(t)
	s.pushes = false
	code, _, message := run(t, s.env("1.0.0"), "build")
	require.Equal(t, install.ExitRefused, code, message)
	require.Contains(t, message, "have it push with the tag that it is given")

	denied := s.env("1.0.1")
	denied[install.VariablePipelineToken] = "hidden-other"
	code, _, message = run(t, denied, "build")
	require.Equal(t, install.ExitRefused, code, message)
	require.NotContains(t, message, "hidden")

	s.server.Fail(pipelinetest.Fault{Times: 100, Status: http.StatusBadGateway})
	code, _, message = run(t, s.env("1.0.1"), "build")
	require.Equal(t, install.ExitUnavailable, code, message)
	s.server.Mend()

	for name, value := range map[string]string{
		install.VariableRequest: `{"plugins":[]}`, install.VariablePipeline: `{"github":{},"other":1}`, install.VariableRepository: "backstage",
	} {
		env := s.env("1.0.1")
		env[name] = value
		code, _, message := run(t, env, "build")
		require.Equal(t, install.ExitInvalid, code, "%s: %s", name, message)
		require.Contains(t, message, name)
	}

	// Whether it is there already cannot be told: nothing is started.
	asked := len(s.server.Requests())
	s.stop()
	code, _, message = run(t, s.env("1.0.2"), "build")
	require.Equal(t, install.ExitUnavailable, code, message)
	require.Len(t, s.server.Requests(), asked)
}

// A webhook says nothing of what it started: the image does.
func TestAWebhookIsFollowedByItsImage(t *testing.T) {
	s := newSite(t)
	env := s.env("1.0.0")
	env[install.VariablePipeline] = fmt.Sprintf(`{"webhook":{"url":"%s/hook"}}`, s.server.URL)
	code, out, message := run(t, env, "build")
	require.Equal(t, install.ExitDone, code, message)
	require.Contains(t, out, `"msg":"built"`)
	require.Equal(t, []string{"POST /hook"}, s.server.Requests())
	env[install.VariablePipelineToken], env[install.VariableRequest] = "hidden-other", request(t, "1.0.1")
	code, _, message = run(t, env, "build")
	require.Equal(t, install.ExitRefused, code, message)
	require.NotContains(t, message, "hidden")
}
