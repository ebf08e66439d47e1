package kubernetes

import (
	"crypto/rand"
	"maps"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/kubernetes"

	"gatehouse/sandbox/sandboxtest"
)

// props writes a property map as a program would.
func props(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

// with is m with one value changed, under a path such as spec.replicas.
func with(t *testing.T, m resource.PropertyMap, path string, value any) resource.PropertyMap {
	t.Helper()
	parsed, err := resource.ParsePropertyPath(path)
	require.NoError(t, err)
	copied := resource.NewProperty(revealAll(m))
	out, ok := parsed.Add(copied, resource.NewPropertyValue(value))
	require.True(t, ok, path)
	return out.ObjectValue()
}

func without(t *testing.T, m resource.PropertyMap, path string) resource.PropertyMap {
	t.Helper()
	parsed, err := resource.ParsePropertyPath(path)
	require.NoError(t, err)
	copied := resource.NewProperty(revealAll(m))
	require.True(t, parsed.Delete(copied), path)
	return copied.ObjectValue()
}

// one drives a single resource as the engine would: check, diff, and then
// create, update or replace. It keeps the state between runs.
type one struct {
	t       *testing.T
	p       plugin.Provider
	urn     resource.URN
	id      resource.ID
	inputs  resource.PropertyMap
	state   resource.PropertyMap
	timeout time.Duration
	seed    string
	ignored []string // ignoreChanges
}

func resourceOf(t *testing.T, p plugin.Provider, typ, name string) *one {
	return &one{t: t, p: p, urn: resource.NewURN("test", "test", "", tokens.Type(typ), name), timeout: time.Minute, seed: typ + name}
}

func (o *one) check(program resource.PropertyMap) plugin.CheckResponse {
	o.t.Helper()
	checked, err := o.p.Check(o.t.Context(), plugin.CheckRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), Olds: o.inputs, News: program, RandomSeed: []byte(o.seed),
	})
	require.NoError(o.t, err)
	return checked
}

func (o *one) valid(program resource.PropertyMap) resource.PropertyMap {
	o.t.Helper()
	checked := o.check(program)
	require.Empty(o.t, checked.Failures)
	return checked.Properties
}

func (o *one) tryCreate(program resource.PropertyMap, preview bool) (plugin.CreateResponse, error) {
	o.t.Helper()
	return o.p.Create(o.t.Context(), plugin.CreateRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), Properties: o.valid(program), Preview: preview, Timeout: o.timeout.Seconds(),
	})
}

func (o *one) create(program resource.PropertyMap) {
	o.t.Helper()
	made, err := o.tryCreate(program, false)
	require.NoError(o.t, err)
	o.id, o.inputs, o.state = made.ID, o.valid(program), made.Properties
}

func (o *one) diff(program resource.PropertyMap) plugin.DiffResponse {
	o.t.Helper()
	diff, err := o.p.Diff(o.t.Context(), plugin.DiffRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), ID: o.id, OldInputs: o.inputs, OldOutputs: o.state, NewInputs: o.valid(program),
	})
	require.NoError(o.t, err)
	return diff
}

func (o *one) tryUpdate(program resource.PropertyMap, preview bool) (plugin.UpdateResponse, error) {
	o.t.Helper()
	return o.p.Update(o.t.Context(), plugin.UpdateRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), ID: o.id, OldInputs: o.inputs, OldOutputs: o.state,
		NewInputs: o.valid(program), Preview: preview, Timeout: o.timeout.Seconds(), IgnoreChanges: o.ignored,
	})
}

func (o *one) update(program resource.PropertyMap) {
	o.t.Helper()
	made, err := o.tryUpdate(program, false)
	require.NoError(o.t, err)
	o.inputs, o.state = o.valid(program), made.Properties
}

func (o *one) read() plugin.ReadResponse {
	o.t.Helper()
	read, err := o.p.Read(o.t.Context(), plugin.ReadRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), ID: o.id, Inputs: o.inputs, State: o.state,
	})
	require.NoError(o.t, err)
	return read
}

// refresh takes what is live for the state, and says which properties of the
// program a run would now set right.
func (o *one) refresh(program resource.PropertyMap) []string {
	o.t.Helper()
	read := o.read()
	require.Equal(o.t, o.id, read.ID)
	o.inputs, o.state = read.Inputs, read.Outputs
	return sortedKeys(o.diff(program).DetailedDiff)
}

func (o *one) delete() {
	o.t.Helper()
	_, err := o.p.Delete(o.t.Context(), plugin.DeleteRequest{
		URN: o.urn, Name: o.urn.Name(), Type: o.urn.Type(), ID: o.id, Inputs: o.inputs, Outputs: o.state, Timeout: o.timeout.Seconds(),
	})
	require.NoError(o.t, err)
}

func sortedKeys[V any](m map[string]V) []string {
	out := []string{}
	for key := range maps.Keys(m) {
		out = append(out, key)
	}
	return sorted(out)
}

// live is a provider on a real API server, with a client beside it that plays
// everybody else, and a namespace of the test's own.
type live struct {
	plugin.Provider
	others    kubernetes.Interface
	namespace string
}

func liveProvider(t *testing.T, extra ...map[string]any) live {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs etcd and kube-apiserver; run make test")
	}
	kubeconfig := sandboxtest.Kubernetes(t)
	inputs := map[string]any{"kubeconfig": kubeconfig}
	for _, more := range extra {
		maps.Copy(inputs, more)
	}
	p := New("4.30.0")
	t.Cleanup(func() { _ = p.Close() })
	_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: props(inputs)})
	require.NoError(t, err)

	config, _, err := restConfig(settings{kubeconfig: kubeconfig})
	require.NoError(t, err)
	others, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)

	// The name is of the test's own; the namespace ends with the server.
	space := resourceOf(t, p, "kubernetes:core/v1:Namespace", "space")
	space.seed = rand.Text()
	space.create(props(map[string]any{}))
	return live{Provider: p, others: others, namespace: string(space.id)}
}
