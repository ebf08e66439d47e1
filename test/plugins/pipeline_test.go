package plugins

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/ecrimage"
)

// gitlab is a pipeline that really builds: it answers as GitLab's REST API documents,
// makes the image that it is asked for, pushes it to the emulated registry, and lays
// its content where the sandbox's nodes look for images.
type gitlab struct {
	*scene
	url string

	mu sync.Mutex
	// aws is the environment's, once that is up.
	aws        aws.Config
	repository string
	runs       []map[string]any
}

// newGitLab has the environment of a scene rebuild its image with it.
func newGitLab(t *testing.T, s *scene) *gitlab {
	t.Helper()
	g := &gitlab{scene: s}
	server := httptest.NewTLSServer(g)
	t.Cleanup(server.Close)
	g.url = server.URL
	// Whom the machine trusts, its pods do.
	roots := filepath.Join(s.Root, "roots.pem")
	known, _ := os.ReadFile(os.Getenv("SSL_CERT_FILE")) // a machine without has folders of them
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(roots, append(known, own...), 0o600))
	s.Env = append(s.Env, "SSL_CERT_FILE="+roots)
	s.configure(t, func(text string) string {
		return strings.Replace(text, "      host: host.json\n", `      host: host.json
      rebuild:
        gitlab: {url: "`+g.url+`", project: acme/portal, tokenSecret: github-token, triggerTokenSecret: github-token}
`, 1)
	})
	return g
}

// started is how many runs there were.
func (g *gitlab) started() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.runs)
}

func (g *gitlab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	path, found := strings.CutPrefix(r.URL.EscapedPath(), "/api/v4/projects/acme%2Fportal/")
	switch {
	case !found:
		say(w, http.StatusNotFound, map[string]string{"message": "404 Not Found"})
	case r.Method+" "+path == "POST trigger/pipeline" && r.FormValue("token") != "":
		number := len(g.runs) + 47
		run := map[string]any{
			"id": number, "status": "running", "name": "plugin " + r.FormValue("variables["+pipeline.CorrelationVariable+"]"),
			"web_url": fmt.Sprintf("%s/acme/portal/-/pipelines/%d", g.url, number),
		}
		g.runs = append([]map[string]any{run}, g.runs...)
		text, base, tag := r.FormValue("variables[PLUGIN_BUILD_PLUGINS]"), r.FormValue("variables[PLUGIN_BUILD_BASE_IMAGE]"), r.FormValue("variables[PLUGIN_BUILD_TAG]")
		go func() {
			status := "success"
			if err := g.build(context.Background(), text, base, tag); err != nil {
				fmt.Fprintln(os.Stderr, "the pipeline:", err)
				status = "failed"
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			run["status"] = status
		}()
		say(w, http.StatusCreated, run)
	case r.Header.Get("PRIVATE-TOKEN") == "":
		say(w, http.StatusUnauthorized, map[string]string{"message": "401 Unauthorized"})
	case path == "pipelines":
		say(w, http.StatusOK, append([]map[string]any{}, g.runs...))
	default:
		for _, run := range g.runs {
			if path == fmt.Sprintf("pipelines/%d", run["id"]) {
				say(w, http.StatusOK, run)
				return
			}
		}
		say(w, http.StatusNotFound, map[string]string{"message": "404 Not found"})
	}
}

func say(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

// images is where the sandbox's nodes have Backstage's images.
func (g *gitlab) images() string {
	return filepath.Join(g.Root, ".gatehouse", "staging", "sandbox", "images", "backstage-backend")
}

// build is what a Dockerfile does that begins with `FROM base`.
func (g *gitlab) build(ctx context.Context, list, base, tag string) error {
	var wanted []pipeline.Plugin
	if err := json.Unmarshal([]byte(list), &wanted); err != nil {
		return err
	}
	repository, from, _ := strings.Cut(base, ":")
	folder, err := os.MkdirTemp(g.images(), "build-")
	if err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "cp", "-al", filepath.Join(g.images(), from)+"/.", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("copy the base: %w: %s", err, out)
	}
	index := filepath.Join(folder, "index.js")
	program, err := os.ReadFile(index)
	if err != nil {
		return err
	}
	for _, each := range wanted {
		if each.Name == "unbuildable" {
			return errors.New("unbuildable does not build")
		}
		if err := g.add(ctx, folder, each); err != nil {
			return err
		}
		const loader = "backend.add(dynamicPluginsFeatureLoader());\n"
		program = bytes.Replace(program, []byte(loader), fmt.Appendf([]byte(loader), "backend.add(require(%q));\n", each.Name), 1)
	}
	if err := os.Remove(index); err != nil { // it is the base's too
		return err
	}
	if err := os.WriteFile(index, program, 0o600); err != nil {
		return err
	}
	return g.push(ctx, repository, tag, folder, list+string(program))
}

// add installs one package, whose tarball must be what it is said to be.
func (g *gitlab) add(ctx context.Context, folder string, p pipeline.Plugin) error {
	content, err := fetch(ctx, strings.TrimSuffix(g.registry.URL.String(), "/")+npmtest.TarballPath(p.Ref))
	if err != nil {
		return err
	}
	if plugins.IntegrityOf(sha512.Sum512(content)) != p.Integrity {
		return fmt.Errorf("%s is not what it should be", p.Ref)
	}
	at := filepath.Join(folder, "node_modules", p.Name)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	untar := exec.CommandContext(ctx, "tar", "-xzf", "-", "--strip-components=1", "-C", at)
	untar.Stdin = bytes.NewReader(content)
	if out, err := untar.CombinedOutput(); err != nil {
		return fmt.Errorf("unpack %s: %w: %s", p.Ref, err, out)
	}
	return nil
}

// push names an image by what is in it, and lets the nodes have its content.
func (g *gitlab) push(ctx context.Context, repository, tag, folder, content string) error {
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
		"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:%x"},"layers":[]}`, sha256.Sum256([]byte(content)))
	_, name, _ := strings.Cut(repository, "/")
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(manifest)))
	_, err := ecr.NewFromConfig(g.aws).PutImage(ctx, &ecr.PutImageInput{RepositoryName: &name, ImageTag: &tag, ImageManifest: &manifest, ImageDigest: &digest})
	if err != nil {
		return err
	}
	place := strings.Replace(digest, ":", "/", 1)
	if err := os.Rename(folder, filepath.Join(g.images(), place)); err != nil {
		return err
	}
	return os.Symlink(place, filepath.Join(g.images(), tag))
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

// pushBase has the registry know the image that the portal began with.
func (g *gitlab) pushBase(t *testing.T, repository string) {
	t.Helper()
	g.aws = g.AWS(t, "staging")
	_, g.repository, _ = strings.Cut(repository, "/")
	require.NoError(t, os.MkdirAll(filepath.Join(g.images(), "sha256"), 0o700))
	link := filepath.Join(g.images(), "base")
	require.NoError(t, os.Symlink(g.backstage, link))
	require.NoError(t, g.push(t.Context(), repository, "1.0.0", link, "base"))
}

// digest is the image's that a tag points at, in the registry.
func (g *gitlab) digest(t *testing.T, tag string) string {
	t.Helper()
	digest, err := pipeline.Image(t.Context(), ecrimage.New(g.aws), g.repository, tag)
	require.NoError(t, err)
	return digest
}
