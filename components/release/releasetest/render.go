// Package releasetest renders third-party charts with the values that our
// components give them, and asks a real API server what it thinks of the result.
//
// The charts come out of the zips of Go modules that tools/charts pins. A chart
// that is in no module cannot be rendered by a test.
package releasetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"gatehouse/components/componenttest"
	"gatehouse/components/release"
)

// module says in which module of tools/charts a chart lies, and where in it.
type module struct {
	path, folder string
}

func modules() map[string]module {
	return map[string]module{
		"cert-manager":     {"github.com/cert-manager/cert-manager", "deploy/charts/cert-manager"},
		"external-secrets": {"github.com/external-secrets/external-secrets", "deploy/charts/external-secrets"},
		"external-dns":     {"sigs.k8s.io/external-dns", "charts/external-dns"},
	}
}

// Render returns what the chart makes of a recorded release's values. Values
// that the chart's own schema refuses fail the test.
func Render(t testing.TB, made componenttest.Registration) []*unstructured.Unstructured {
	t.Helper()
	name, _ := made.Input("chart").(string)
	loaded := load(t, name)
	values, _ := made.Input("values").(map[string]any)
	namespace, _ := made.Input("namespace").(string)
	releaseName, _ := made.Input("name").(string)
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = chartutil.KubeVersion{Version: "v1.35.0", Major: "1", Minor: "35"}
	// As Helm would read them from a file: numbers are float64.
	merged, err := chartutil.ToRenderValues(loaded, plain(t, values), chartutil.ReleaseOptions{
		Name: releaseName, Namespace: namespace, Revision: 1, IsInstall: true,
	}, capabilities)
	require.NoError(t, err, "the values do not fit the schema of chart %s", name)
	rendered, err := engine.Render(loaded, merged)
	require.NoError(t, err)
	var objects []*unstructured.Unstructured
	for file, text := range rendered {
		if path.Ext(file) == ".yaml" {
			objects = append(objects, decode(t, file, text)...)
		}
	}
	slices.SortFunc(objects, func(a, b *unstructured.Unstructured) int {
		return strings.Compare(a.GetKind()+a.GetName(), b.GetKind()+b.GetName())
	})
	return objects
}

// load reads the chart from its module, and completes what only its release
// has: the names of version and dependencies.
func load(t testing.TB, name string) *chart.Chart {
	t.Helper()
	m, ok := modules()[name]
	require.True(t, ok, "chart %s is in no module of tools/charts", name)
	folder := filepath.Join(moduleDir(t, m.path), m.folder)
	var files []*loader.BufferedFile
	require.NoError(t, filepath.WalkDir(folder, func(file string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, file)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		if relative == "Chart.template.yaml" {
			relative = "Chart.yaml"
		}
		files = append(files, &loader.BufferedFile{Name: filepath.ToSlash(relative), Data: text})
		return err
	}))
	loaded, err := loader.LoadFiles(files)
	require.NoError(t, err)
	pinned, err := release.Find(name)
	require.NoError(t, err)
	loaded.Metadata.Version = strings.TrimPrefix(pinned.Version, "v")
	// Dependencies are switched off by the values.
	loaded.Metadata.Dependencies = nil
	return loaded
}

func moduleDir(t testing.TB, module string) string {
	t.Helper()
	root := projectRoot(t)
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module)
	cmd.Dir = filepath.Join(root, "tools", "charts")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	require.NoError(t, err, "download %s", module)
	var got struct{ Dir string }
	require.NoError(t, json.Unmarshal(out, &got))
	return got.Dir
}

// projectRoot is the folder above the tests that holds tools/.
func projectRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "tools", "charts", "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no tools/charts above the test's folder")
		dir = parent
	}
}

func plain(t testing.TB, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	require.NoError(t, err)
	var read map[string]any
	require.NoError(t, json.Unmarshal(text, &read))
	return read
}

func decode(t testing.TB, file, text string) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader([]byte(text)), 4096)
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return objects
		}
		require.NoError(t, err, "%s\n%s", file, text)
		if object.GetKind() != "" {
			objects = append(objects, object)
		}
	}
}
