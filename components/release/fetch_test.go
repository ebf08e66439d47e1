package release_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/release"
)

const archive = "the archive of a chart"

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// repository is a chart repository on this machine: an index, and whatever
// serves the archive.
type repository struct {
	index   string
	archive http.HandlerFunc
	served  int
}

func (r *repository) start(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		switch request.URL.Path {
		case "/charts/index.yaml":
			fmt.Fprint(w, r.index)
		case "/charts/nginx-1.2.3.tgz":
			r.served++
			r.archive(w, request)
		default:
			http.NotFound(w, request)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/charts"
}

const goodIndex = `
apiVersion: v1
entries:
  nginx:
    - {version: 1.3.0, urls: [nginx-1.3.0.tgz]}
    - {version: 1.2.3, urls: [nginx-1.2.3.tgz]}
`

func good(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, archive) }

func TestFetchKeepsWhatTheCatalogueNames(t *testing.T) {
	r := &repository{index: goodIndex, archive: good}
	chart := release.Chart{Name: "nginx", Version: "1.2.3", Repository: r.start(t), Digest: digest(archive)}
	dir := filepath.Join(t.TempDir(), "charts")

	path, err := release.Fetch(t.Context(), http.DefaultClient, dir, chart)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "nginx-1.2.3.tgz"), path)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, archive, string(text))

	// What is kept is used again, and what was tampered with is not.
	_, err = release.Fetch(t.Context(), http.DefaultClient, dir, chart)
	require.NoError(t, err)
	require.Equal(t, 1, r.served)
	require.NoError(t, os.WriteFile(path, []byte("something else"), 0o600))
	_, err = release.Fetch(t.Context(), http.DefaultClient, dir, chart)
	require.NoError(t, err)
	require.Equal(t, 2, r.served)
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, archive, string(text))
}

func TestFetchRefuses(t *testing.T) {
	truncated := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(archive)))
		fmt.Fprint(w, archive[:5])
	}
	huge := func(w http.ResponseWriter, _ *http.Request) {
		part := []byte(strings.Repeat("0", 1<<20))
		for range 17 {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		index   string
		archive http.HandlerFunc
		digest  string
		says    string
	}{
		"no digest":       {goodIndex, good, "", "run `gatehouse charts lock`"},
		"another archive": {goodIndex, good, digest("another"), "serves another archive than the catalogue names"},
		"cut off":         {goodIndex, truncated, digest(archive), "unexpected EOF"},
		"not there":       {goodIndex, http.NotFound, digest(archive), "404 Not Found"},
		"too large":       {goodIndex, huge, digest(archive), "larger than 16 MiB"},
		"missing version": {"entries: {nginx: [{version: 9.9.9, urls: [x.tgz]}]}", good, digest(archive), "serves no version 1.2.3"},
		"no such chart":   {"entries: {}", good, digest(archive), "serves no version 1.2.3"},
		"garbage":         {"<html>{{", good, digest(archive), "no index of a Helm repository"},
		"a version alone": {"entries: {nginx: [{version: 1.2.3}]}", good, digest(archive), "serves no version 1.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &repository{index: c.index, archive: c.archive}
			dir := t.TempDir()
			_, err := release.Fetch(t.Context(), http.DefaultClient, dir,
				release.Chart{Name: "nginx", Version: "1.2.3", Repository: r.start(t), Digest: c.digest})
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "nginx")
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left, "nothing is kept")
		})
	}
}

func TestFetchDoesNotWaitForAServerThatIsGone(t *testing.T) {
	r := &repository{index: goodIndex, archive: good}
	url := r.start(t)
	_, err := release.Fetch(t.Context(), http.DefaultClient, t.TempDir(),
		release.Chart{Name: "nginx", Version: "1.2.3", Repository: strings.Replace(url, "/charts", ":1/charts", 1), Digest: digest(archive)})
	require.Error(t, err)
}

func TestAnArchiveOverPlainHTTPIsRefused(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "entries: {nginx: [{version: 1.2.3, urls: ['http://elsewhere.example/nginx-1.2.3.tgz']}]}")
	}))
	defer server.Close()
	_, err := release.Resolve(t.Context(), server.Client(), release.Chart{Name: "nginx", Version: "1.2.3", Repository: server.URL})
	require.ErrorContains(t, err, "not served over https")
}

func TestServedDigest(t *testing.T) {
	r := &repository{index: goodIndex, archive: good}
	chart := release.Chart{Name: "nginx", Version: "1.2.3", Repository: r.start(t)}
	got, err := release.ServedDigest(t.Context(), http.DefaultClient, chart)
	require.NoError(t, err)
	require.Equal(t, digest(archive), got)

	r.index = "entries: {nginx: [{version: 1.2.3, urls: [nginx-1.2.3.tgz], digest: " + digest("another") + "}]}"
	_, err = release.ServedDigest(t.Context(), http.DefaultClient, chart)
	require.ErrorContains(t, err, "not the one of its repository's index")
}

func TestWithDigestChangesOneLine(t *testing.T) {
	const text = "# a comment\n- {name: a, repository: r, version: 1, digest: \"\"}\n- {name: ab, repository: r, version: 1, digest: \"00\"}\n"
	got, err := release.WithDigest([]byte(text), "a", "ff")
	require.NoError(t, err)
	require.Equal(t, strings.Replace(text, `""`, `"ff"`, 1), string(got))

	_, err = release.WithDigest([]byte(text), "b", "ff")
	require.ErrorContains(t, err, "chart b")
}
