package kubernetes

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func sorted(s []string) []string { slices.Sort(s); return s }

func deployment(namespace string) resource.PropertyMap {
	labels := map[string]any{"app": "web"}
	return props(map[string]any{
		"metadata": map[string]any{"name": "web", "namespace": namespace, "labels": labels},
		"spec": map[string]any{
			"replicas": 2,
			"selector": map[string]any{"matchLabels": labels},
			"template": map[string]any{
				"metadata": map[string]any{"labels": labels},
				"spec": map[string]any{"containers": []any{map[string]any{
					"name": "web", "image": "registry.k8s.io/pause:3.10",
					// Quantities that the server writes in another way.
					"resources": map[string]any{"requests": map[string]any{"cpu": "1000m", "memory": "1024Mi"}},
				}}},
			},
		},
	})
}

func TestDeploymentLivesAndDies(t *testing.T) {
	p := liveProvider(t)
	program := deployment(p.namespace)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")

	preview, err := web.tryCreate(program, true)
	require.NoError(t, err)
	require.Empty(t, preview.ID)
	_, err = p.others.AppsV1().Deployments(p.namespace).Get(t.Context(), "web", metav1.GetOptions{})
	require.True(t, apierrors.IsNotFound(err), "a preview makes nothing")

	web.create(program)
	require.Equal(t, resource.ID(p.namespace+"/web"), web.id)
	require.Equal(t, 2.0, web.state["status"].ObjectValue()["availableReplicas"].NumberValue(), "it is waited for")
	require.Empty(t, web.refresh(program), "nothing differs, quantities and defaults included")

	more := with(t, program, "spec.replicas", 3)
	require.Equal(t, []string{"spec.replicas"}, sortedKeys(web.diff(more).DetailedDiff))
	_, err = web.tryUpdate(more, true)
	require.NoError(t, err)
	web.update(more)
	require.Equal(t, 3.0, web.state["status"].ObjectValue()["availableReplicas"].NumberValue())

	fewer := without(t, more, "spec.template.spec.containers[0].resources.requests.memory")
	web.update(fewer)
	d, err := p.others.AppsV1().Deployments(p.namespace).Get(t.Context(), "web", metav1.GetOptions{})
	require.NoError(t, err)
	require.NotContains(t, d.Spec.Template.Spec.Containers[0].Resources.Requests, "memory", "what the program drops, the server drops")

	web.delete()
	require.Empty(t, web.read().ID)
	web.delete() // again is no error
}

func TestRefreshNamesWhatOthersChanged(t *testing.T) {
	p := liveProvider(t, map[string]any{"enablePatchForce": true})
	program := deployment(p.namespace)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	web.create(program)
	patch := func(body string) {
		_, err := p.others.AppsV1().Deployments(p.namespace).Patch(t.Context(), "web", types.StrategicMergePatchType, []byte(body), metav1.PatchOptions{})
		require.NoError(t, err)
	}

	patch(`{"metadata":{"labels":{"theirs":"yes"},"annotations":{"note":"not ours"}}}`)
	require.Empty(t, web.refresh(program), "what others add beside ours is theirs")

	patch(`{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"elsewhere"}]}}}}`)
	require.Equal(t, []string{"spec.replicas", "spec.template.spec.containers[0].image"}, web.refresh(program))
	require.Equal(t, 1.0, web.inputs["spec"].ObjectValue()["replicas"].NumberValue(), "the state says what is there")
	web.update(program)
	require.Empty(t, web.refresh(program))

	patch(`{"metadata":{"labels":{"app":null}}}`)
	require.Equal(t, []string{`metadata.labels.app`}, web.refresh(program))
}

func TestUpdateToldOfAnothersFields(t *testing.T) {
	p := liveProvider(t)
	program := deployment(p.namespace)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	web.create(program)
	_, err := p.others.AppsV1().Deployments(p.namespace).Patch(t.Context(), "web", types.MergePatchType,
		[]byte(`{"spec":{"replicas":1}}`), metav1.PatchOptions{FieldManager: "somebody"})
	require.NoError(t, err)

	_, err = web.tryUpdate(program, false)
	require.ErrorContains(t, err, `conflict with "somebody"`)
	require.ErrorContains(t, err, "pulumi.com/patchForce")
	web.update(with(t, program, `metadata.annotations["pulumi.com/patchForce"]`, "true"))
}

func TestCreateTakesUpItsOwnButNobodyElses(t *testing.T) {
	p := liveProvider(t)
	program := props(map[string]any{"metadata": map[string]any{"name": "settings", "namespace": p.namespace}, "data": map[string]any{"a": "1"}})
	resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "settings").create(program)
	// The engine was killed before it heard the answer: it knows nothing.
	resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "settings").create(program)

	for _, preview := range []bool{true, false} {
		_, err := resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "other").tryCreate(program, preview)
		require.ErrorContains(t, err, "exists already and belongs to another")
	}
	upsert := liveProvider(t, map[string]any{"upsertExistingObjects": true})
	resourceOf(t, upsert, "kubernetes:core/v1:ConfigMap", "other").create(program)
}

func TestCustomResourceRightAfterItsDefinition(t *testing.T) {
	p := liveProvider(t)
	group := strings.ReplaceAll(p.namespace, "-", "") + ".example.com"
	crd := resourceOf(t, p, "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "gates")
	crd.create(props(map[string]any{
		"metadata": map[string]any{"name": "gates." + group},
		"spec": map[string]any{
			"group": group, "scope": "Namespaced",
			"names": map[string]any{"plural": "gates", "kind": "Gate"},
			"versions": []any{map[string]any{
				"name": "v1", "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{
					"type": "object",
					"properties": map[string]any{"spec": map[string]any{
						"type": "object", "properties": map[string]any{"width": map[string]any{"type": "integer"}},
					}},
				}},
			}},
		},
	}))

	gate := resourceOf(t, p, "kubernetes:"+group+"/v1:Gate", "gate")
	program := props(map[string]any{
		"apiVersion": group + "/v1", "kind": "Gate",
		"metadata": map[string]any{"namespace": p.namespace}, "spec": map[string]any{"width": 3},
	})
	gate.create(program)
	require.Regexp(t, `^`+p.namespace+`/gate-[0-9a-f]{8}$`, gate.id)
	require.Empty(t, gate.refresh(program), "the name that was made is kept")
	_, err := gate.tryUpdate(with(t, program, "spec.height", 1), false)
	require.ErrorContains(t, err, ".spec.height")

	second := resourceOf(t, p, "kubernetes:"+group+"/v1:Gate", "second")
	second.create(program)
	began := time.Now()
	second.delete()
	t.Logf("deleting a custom resource took %.1f s", time.Since(began).Seconds())
	crd.delete()
	require.Empty(t, gate.read().ID, "a resource whose kind is gone is gone")
	gate.delete()
}

func TestImport(t *testing.T) {
	p := liveProvider(t)
	resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web").create(deployment(p.namespace))
	found := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "found")
	found.id = resource.ID(p.namespace + "/web")
	read := found.read()
	require.Equal(t, found.id, read.ID)
	require.NotContains(t, read.Inputs, resource.PropertyKey("status"))
	for _, key := range []resource.PropertyKey{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"} {
		require.NotContains(t, read.Inputs["metadata"].ObjectValue(), key)
	}
	// What was read can be declared as it is.
	found.inputs, found.state = read.Inputs, read.Outputs
	require.Empty(t, found.refresh(read.Inputs))
	found.id = resource.ID(p.namespace + "/none")
	require.Empty(t, found.read().ID)
}
