package input

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
)

// piped reads manifests from standard input.
func piped(t *testing.T, text string) Set {
	t.Helper()
	set, err := Manifests(context.Background(), []string{"-"}, strings.NewReader(text))
	require.NoError(t, err)
	return set
}

// refused reads manifests that must not be read.
func refused(t *testing.T, text string) string {
	t.Helper()
	set, err := Manifests(context.Background(), []string{"-"}, strings.NewReader(text))
	require.Error(t, err)
	assert.Equal(t, Set{}, set, "nothing is half-read")
	return err.Error()
}

// tree writes files below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func urnsOf(set Set) []string {
	var list []string
	for _, r := range set.Resources {
		list = append(list, r.URN)
	}
	return list
}

// named is a ConfigMap.
func named(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n"
}

const mixed = `# a comment alone
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: a
          image: x
        - name: b
          image: y
---
---
# nothing
--- # the roles
apiVersion: v1
kind: List
items:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: reader}
    rules:
      - verbs: [get]
  - apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
...
%YAML 1.1
---
{"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
 "metadata": {"name": "web", "namespace": "shop"},
 "spec": {
   "secretName": "tls"}}
`

func TestManifestsHoldObjectsInOrder(t *testing.T) {
	for name, text := range map[string]string{
		"lines": mixed, "CRLF": strings.ReplaceAll(mixed, "\n", "\r\n"), "byte order mark": string(utf8BOM) + mixed,
	} {
		t.Run(name, func(t *testing.T) {
			set := piped(t, text)
			assert.Equal(t, "standard input", set.Source)
			assert.Empty(t, set.Stack)
			assert.Equal(t, []string{
				"kubernetes:apps/v1:Deployment::shop/web",
				"kubernetes:rbac.authorization.k8s.io/v1:Role::reader",
				"kubernetes:core/v1:Namespace::shop",
				"kubernetes:cert-manager.io/v1:Certificate::shop/web",
			}, urnsOf(set))
			web := set.Resources[0]
			assert.Equal(t, "kubernetes:apps/v1:Deployment", web.Type)
			assert.Equal(t, "shop/web", web.Name)
			assert.True(t, web.Custom)
			assert.Equal(t, resource.NewProperty("apps/v1"), web.Properties["apiVersion"])

			for _, c := range []struct {
				of   int
				path []any
				line int
			}{
				{0, nil, 3},
				{0, []any{"spec"}, 8},
				{0, []any{"spec", "template", "spec", "containers", 1, "image"}, 15},
				{0, []any{"spec", "template", "spec", "containers", 1, "securityContext", "privileged"}, 14},
				{0, []any{"spec", "template", "spec", "containers", 7, "image"}, 11},
				{0, []any{"metadata", 0}, 5},
				{1, nil, 23},
				{1, []any{"rules", 0, "verbs"}, 27},
				{2, nil, 28},
				{2, []any{"metadata", "name"}, 31},
				{3, nil, 35},
				{3, []any{"metadata", "namespace"}, 36},
				{3, []any{"spec", "secretName"}, 38},
				{3, []any{"spec", "missing"}, 37},
			} {
				r := set.Resources[c.of]
				assert.Equal(t, &report.Location{File: "standard input", Line: c.line}, r.Locate(c.path), "%s %v", r.URN, c.path)
				if c.path == nil {
					assert.Equal(t, r.Location, r.Locate(nil))
				}
			}
		})
	}
}

func TestListsAreTakenApart(t *testing.T) {
	for name, text := range map[string]string{
		"YAML": "apiVersion: apps/v1\nkind: DeploymentList\nmetadata: {}\nitems:\n" +
			"- metadata:\n    name: a\n- metadata:\n    name: b\n",
		"JSON": "{\"apiVersion\": \"apps/v1\", \"kind\": \"DeploymentList\", \"metadata\": {}, \"x\": [1],\n\n\"items\":\n" +
			"[{\"metadata\": {\n\"name\": \"a\"}},\n{\"metadata\":\n{\"name\": \"b\"}}]}",
		"nested": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: DeploymentList\n  items:\n" +
			"  - metadata: {name: a}\n  - metadata:\n      name: b\n",
	} {
		t.Run(name, func(t *testing.T) {
			set := piped(t, text)
			assert.Equal(t, []string{"kubernetes:apps/v1:Deployment::a", "kubernetes:apps/v1:Deployment::b"}, urnsOf(set))
			assert.Equal(t, resource.NewProperty("Deployment"), set.Resources[0].Properties["kind"])
			assert.Equal(t, map[string]int{"YAML": 7, "JSON": 6, "nested": 8}[name], set.Resources[1].Location.Line)
			assert.Equal(t, map[string]int{"YAML": 8, "JSON": 7, "nested": 9}[name],
				set.Resources[1].Locate([]any{"metadata", "name"}).Line)
		})
	}
	t.Run("a kind that ends like a list", func(t *testing.T) {
		set := piped(t, "apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: x}\nitems: [a]\n")
		assert.Equal(t, []string{"kubernetes:example.com/v1:AllowList::x"}, urnsOf(set))
	})
	t.Run("overruled", func(t *testing.T) {
		set := piped(t, "apiVersion: v1\nkind: List\nbase: &base\n  items: [a]\n<<: *base\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"+
			"- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n")
		assert.Equal(t, []string{"kubernetes:core/v1:Pod::a", "kubernetes:core/v1:Pod::b"}, urnsOf(set))
		assert.Equal(t, 8, set.Resources[1].Location.Line)
	})
	t.Run("empty beside something", func(t *testing.T) {
		set := piped(t, "apiVersion: v1\nkind: List\nitems: []\n---\napiVersion: v1\nkind: List\nitems:\n---\n"+named("x"))
		assert.Len(t, set.Resources, 1)
	})
	t.Run("JSON values in a row", func(t *testing.T) {
		set := piped(t, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}`+"\n"+`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}`)
		assert.Len(t, set.Resources, 2)
		assert.Equal(t, 2, set.Resources[1].Location.Line)
	})
	t.Run("YAML in braces", func(t *testing.T) {
		set := piped(t, `{apiVersion: v1, kind: Pod, metadata: {name: a}}`)
		assert.Equal(t, []string{"kubernetes:core/v1:Pod::a"}, urnsOf(set))
	})
}

func TestHelmSaysWhichTemplate(t *testing.T) {
	set := piped(t, "---\n# Source: portal/templates/config.yaml\n"+named("a")+"---\n"+named("b")+"# Source: not/this.yaml\n")
	assert.Equal(t, &report.Location{File: "portal/templates/config.yaml"}, set.Resources[0].Location)
	assert.Nil(t, set.Resources[0].Locate, "lines of the template are not known")
	assert.Equal(t, &report.Location{File: "standard input", Line: 7}, set.Resources[1].Location)
}

func TestSecretsOfManifestsAreSecret(t *testing.T) {
	set := piped(t, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n  annotations:\n    a: b\n"+
		"    kubectl.kubernetes.io/last-applied-configuration: hunter2\ndata: {k: aHVudGVyMg==}\nstringData: {k: hunter2}\ntype: Opaque\n")
	p := set.Resources[0].Properties
	assert.True(t, p["data"].IsSecret())
	assert.True(t, p["stringData"].IsSecret())
	annotations := p["metadata"].ObjectValue()["annotations"].ObjectValue()
	assert.True(t, annotations["kubectl.kubernetes.io/last-applied-configuration"].IsSecret())
	assert.Equal(t, resource.NewProperty("b"), annotations["a"])
	assert.Equal(t, resource.NewProperty("Opaque"), p["type"])
	assert.True(t, piped(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}").Resources[0].Properties["data"].IsObject())
}

func TestNames(t *testing.T) {
	set := piped(t, "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n")
	assert.Equal(t, []string{"kubernetes:batch/v1:Job::run-", "kubernetes:batch/v1:Job::run-"}, urnsOf(set))

	assert.Equal(t, "read standard input:5: kubernetes:core/v1:ConfigMap::x is given twice, at first at standard input:1: keep one",
		refused(t, named("x")+"---\n"+named("x")))
	assert.Contains(t, refused(t, named("x")+"---\napiVersion: v1\nkind: Pod\nmetadata: {}\n"), "input:5: Pod has no metadata.name")
	assert.Contains(t, refused(t, "apiVersion: v1\nkind: Pod\n"), "no metadata.name")
	assert.Contains(t, refused(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: 7}\n"), "metadata.name is no string: put it in quotes")
	assert.Contains(t, refused(t, "apiVersion: v1\nkind: Pod\nmetadata: {generateName: [x]}\n"), "metadata.generateName is no string")
	assert.Contains(t, refused(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: yes}\n"), "metadata.namespace is no string")
}

func TestFoldersAreReadInOrder(t *testing.T) {
	dir := tree(t, map[string]string{
		"b.yaml": named("b"), "a/z.yml": named("z"), "a/y.JSON": `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y"}}`,
		"notes.txt": "not: [yaml", ".hidden.yaml": "not: [yaml", ".git/x.yaml": "not: [yaml", "c.yaml": "\n---\n# empty\n",
	})
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "a", "loop")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "b.yaml"), filepath.Join(dir, "again.yaml")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	set, err := Manifests(context.Background(), []string{dir}, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"kubernetes:core/v1:ConfigMap::y", "kubernetes:core/v1:ConfigMap::z", "kubernetes:core/v1:ConfigMap::b"}, urnsOf(set))
	assert.Equal(t, "4 files of "+dir, set.Source)
	assert.Equal(t, filepath.ToSlash(dir)+"/a/y.JSON", set.Resources[0].Location.File)

	set, err = Manifests(context.Background(), []string{filepath.Join(dir, "a", "z.yml"), "-"}, strings.NewReader(named("q")))
	require.NoError(t, err)
	assert.Equal(t, []string{"kubernetes:core/v1:ConfigMap::z", "kubernetes:core/v1:ConfigMap::q"}, urnsOf(set))
	assert.Equal(t, "2 files", set.Source)
}

func TestFoldersThatAreNotWhatIsAppliedAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		files   map[string]string
		message string
	}{
		"chart":          {map[string]string{"x/Chart.yaml": "", "x/templates/a.yaml": "{{ x }}"}, "/x: this is a Helm chart: render it (helm template "},
		"kustomization":  {map[string]string{"a.yaml": named("a"), "kustomization.yaml": ""}, "render it (kubectl kustomize "},
		"template":       {map[string]string{"a.yaml": "{{- if x }}\n" + named("a") + "{{- end }}\n"}, "a.yaml:1: this is not YAML: "},
		"template value": {map[string]string{"a.yaml": "apiVersion: v1\nkind: {{ .Values.kind }}\n"}, "looks like a template: render it first (helm template"},
		"values":         {map[string]string{"values.yaml": "\n\nreplicas: 3\n"}, "values.yaml:3: this is no Kubernetes object: apiVersion is missing"},
		"no kind":        {map[string]string{"a.yaml": "apiVersion: v2\nname: x\n"}, "a.yaml:1: this is no Kubernetes object: kind is missing"},
		"list":           {map[string]string{"a.yaml": "- a\n"}, "a.yaml:1: this is no Kubernetes object"},
		"item":           {map[string]string{"a.yaml": "apiVersion: v1\nkind: List\nitems:\n- 7\n"}, "a.yaml:4: this is no Kubernetes object"},
		"JSON list":      {map[string]string{"a.json": "[]"}, "a.json:1: this is no Kubernetes object"},
		"truncated JSON": {map[string]string{"a.json": "{\n\"apiVersion\": \"v1\","}, "a.json:2: the JSON is cut short"},
		"empty":          {map[string]string{"a.yaml": "---\n"}, "there is no Kubernetes object in it"},
		"empty JSON":     {map[string]string{"a.json": " "}, "there is no Kubernetes object in it"},
		"nothing":        {map[string]string{"a.txt": ""}, "there is no *.yaml"},
		"twice":          {map[string]string{"a.yaml": named("a"), "b.yaml": "\n" + named("a")}, "b.yaml:2: kubernetes:core/v1:ConfigMap::a is given twice, at first at "},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := Manifests(context.Background(), []string{tree(t, c.files)}, nil)
			require.ErrorContains(t, err, c.message)
			assert.Equal(t, Set{}, set)
		})
	}
	_, err := Manifests(context.Background(), []string{"no/such/file.yaml"}, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	dir := tree(t, nil)
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "x.yaml")))
	_, err = Manifests(context.Background(), []string{dir}, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestTheFirstErrorIsTheOneThatIsTold(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		b.WriteString("---\n" + named(fmt.Sprint("x", i)))
	}
	b.WriteString("---\na: [\n---\nb: ]\n")
	for range 20 {
		assert.Contains(t, refused(t, b.String()), "standard input:80", "whichever worker finds what first")
	}
}

func TestManifestsStopWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Manifests(ctx, []string{"-"}, strings.NewReader(named("x")))
	require.ErrorIs(t, err, context.Canceled)
	_, err = parseAll(ctx, split(&file{data: []byte(named("x"))}), standard)
	require.ErrorIs(t, err, context.Canceled)
}
