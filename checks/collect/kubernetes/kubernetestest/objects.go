package kubernetestest

import (
	stdcontext "context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/yaml"
)

// context is for what has to happen after the test's own has ended, too.
func context() stdcontext.Context { return stdcontext.Background() }

// objects makes and changes objects of any kind.
type objects struct {
	client dynamic.Interface
	mapper *restmapper.DeferredDiscoveryRESTMapper
}

func newObjects(t *testing.T, config *rest.Config) *objects {
	t.Helper()
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	known, err := discovery.NewDiscoveryClientForConfig(config)
	require.NoError(t, err)
	return &objects{client, restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(known))}
}

func (o *objects) of(t *testing.T, object *unstructured.Unstructured) dynamic.ResourceInterface {
	t.Helper()
	kind := object.GroupVersionKind()
	mapping, err := o.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) { // a kind that has just come
		o.mapper.Reset()
		mapping, err = o.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	require.NoError(t, err, kind)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return o.client.Resource(mapping.Resource).Namespace(object.GetNamespace())
	}
	return o.client.Resource(mapping.Resource)
}

func decode(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	for _, each := range strings.Split(text, "\n---\n") {
		object := &unstructured.Unstructured{}
		require.NoError(t, yaml.Unmarshal([]byte(each), &object.Object), each)
		if len(object.Object) > 0 {
			all = append(all, object)
		}
	}
	return all
}

// Apply makes the objects of a manifest, and their status where it has one.
func (w *World) Apply(t *testing.T, manifest string) {
	t.Helper()
	for _, object := range decode(t, manifest) {
		status, has := object.Object["status"]
		delete(object.Object, "status")
		client := w.objects.of(t, object)
		_, err := client.Apply(context(), object.GetName(), object, metav1.ApplyOptions{FieldManager: "test", Force: true})
		require.NoError(t, err, "%s %s", object.GetKind(), object.GetName())
		if has {
			w.patch(t, client, object.GetName(), map[string]any{"status": status}, "status")
		}
	}
}

func (w *World) patch(t *testing.T, client dynamic.ResourceInterface, name string, patch any, sub ...string) {
	t.Helper()
	text, err := json.Marshal(patch)
	require.NoError(t, err)
	_, err = client.Patch(context(), name, types.MergePatchType, text, metav1.PatchOptions{}, sub...)
	require.NoError(t, err, name)
}

// Add makes objects until undo is called.
func (w *World) Add(t *testing.T, manifest string) (undo func()) {
	t.Helper()
	w.Apply(t, manifest)
	return func() { w.Remove(t, manifest) }
}

// Remove deletes the objects of a manifest, of which kind, name and namespace
// are enough, and returns when they are gone.
func (w *World) Remove(t *testing.T, manifest string) {
	t.Helper()
	for _, object := range decode(t, manifest) {
		client := w.objects.of(t, object)
		none := int64(0)
		err := client.Delete(context(), object.GetName(), metav1.DeleteOptions{GracePeriodSeconds: &none})
		if !apierrors.IsNotFound(err) {
			require.NoError(t, err)
		}
		require.Eventually(t, func() bool {
			_, err := client.Get(context(), object.GetName(), metav1.GetOptions{})
			return apierrors.IsNotFound(err)
		}, wait, tick, "%s %s is not gone", object.GetKind(), object.GetName())
	}
}

// Change lays fields over an object that is there, null to remove one, until
// undo is called. The manifest names the object and holds the fields; lists
// replace lists. Those of the status are laid over it apart.
func (w *World) Change(t *testing.T, manifest string) (undo func()) {
	t.Helper()
	object := decode(t, manifest)[0]
	client := w.objects.of(t, object)
	before, err := client.Get(context(), object.GetName(), metav1.GetOptions{})
	require.NoError(t, err)
	status, has := object.Object["status"]
	delete(object.Object, "status")
	w.patch(t, client, object.GetName(), object.Object)
	if has {
		w.patch(t, client, object.GetName(), map[string]any{"status": status}, "status")
	}
	return func() {
		require.Eventually(t, func() bool { return w.restore(t, client, before, has) }, wait, tick, "restore %s", before.GetName())
		if !has {
			require.Eventually(t, func() bool { return w.rolledOut(t, client, before.GetName()) }, wait, tick, "%s does not settle", before.GetName())
		}
	}
}

// rolledOut tells whether the controller has seen the object as it is now, and
// replaced every pod of before. Until it has, the status is that of an earlier
// spec, and looks settled. What has no such status is settled.
func (w *World) rolledOut(t *testing.T, client dynamic.ResourceInterface, name string) bool {
	t.Helper()
	now, err := client.Get(context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	count := func(field string) int64 {
		n, _, _ := unstructured.NestedInt64(now.Object, "status", field)
		return n
	}
	seen := count("observedGeneration") >= now.GetGeneration()
	switch now.GetKind() {
	case "DaemonSet":
		want := count("desiredNumberScheduled")
		return seen && count("updatedNumberScheduled") == want && count("numberReady") == want
	case "Deployment", "StatefulSet":
		want := count("replicas")
		return seen && count("updatedReplicas") == want && count("readyReplicas") == want
	}
	return true
}

// restore puts an object back as it was; false when somebody else came between.
func (w *World) restore(t *testing.T, client dynamic.ResourceInterface, before *unstructured.Unstructured, status bool) bool {
	t.Helper()
	now, err := client.Get(context(), before.GetName(), metav1.GetOptions{})
	require.NoError(t, err)
	next := before.DeepCopy()
	next.SetResourceVersion(now.GetResourceVersion())
	next, err = client.Update(context(), next, metav1.UpdateOptions{})
	if err == nil && status {
		next.Object["status"] = before.Object["status"]
		_, err = client.UpdateStatus(context(), next, metav1.UpdateOptions{})
	}
	if apierrors.IsConflict(err) {
		return false
	}
	require.NoError(t, err)
	return true
}
