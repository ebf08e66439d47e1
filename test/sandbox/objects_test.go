package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/sandboxtest"
	"gatehouse/test/suite"
)

// declared is what the environment's state says of the objects in its cluster,
// as the program registered them.
func declared(t *testing.T, p *suite.Project, stack string) []*unstructured.Unstructured {
	t.Helper()
	var state struct {
		Checkpoint struct {
			Latest struct {
				Resources []struct {
					Type   string         `json:"type"`
					Inputs map[string]any `json:"inputs"`
				} `json:"resources"`
			} `json:"latest"`
		} `json:"checkpoint"`
	}
	text, err := os.ReadFile(filepath.Join(p.Root, ".gatehouse", stack, "pulumi", "state", ".pulumi", "stacks", "gatehouse", stack+".json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &state))

	var objects []*unstructured.Unstructured
	for _, r := range state.Checkpoint.Latest.Resources {
		if !strings.HasPrefix(r.Type, "kubernetes:") || strings.HasPrefix(r.Type, "kubernetes:helm.sh/") {
			continue
		}
		delete(r.Inputs, "__defaults")
		if data, held := r.Inputs["data"].(map[string]any); held && r.Type == "kubernetes:core/v1:Secret" {
			require.Contains(t, data, "ciphertext", "the state holds a Secret in plain text")
			delete(r.Inputs, "data")
		}
		object := &unstructured.Unstructured{Object: r.Inputs}
		annotations := object.GetAnnotations()
		for key := range annotations {
			if strings.HasPrefix(key, "pulumi.com/") {
				delete(annotations, key)
			}
		}
		object.SetAnnotations(annotations)
		objects = append(objects, object)
	}
	require.NotEmpty(t, objects)
	return objects
}

// requireAccepted applies every object once more on the server, without
// keeping it, as `kubectl apply --dry-run=server` does: schemas, admission and
// Pod Security Standards judge it, and nobody may even warn.
func requireAccepted(t *testing.T, p *suite.Project, stack string, objects []*unstructured.Unstructured) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", p.Status(t, stack).Kubernetes.Kubeconfig)
	require.NoError(t, err)
	heard := &sandboxtest.Warnings{}
	config.WarningHandler, config.QPS = heard, -1
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	typed, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(typed.Discovery()))
	for _, object := range objects {
		resource := resourceOf(t, client, mapper, object)
		_, err := resource.Apply(t.Context(), object.GetName(), object, metav1.ApplyOptions{
			FieldManager: "gatehouse-test", Force: true, DryRun: []string{metav1.DryRunAll},
		})
		require.NoError(t, err, "%s %s/%s", object.GetKind(), object.GetNamespace(), object.GetName())
		require.Empty(t, heard.Texts(), "%s %s/%s", object.GetKind(), object.GetNamespace(), object.GetName())
	}
}

func resourceOf(t *testing.T, client dynamic.Interface, mapper meta.RESTMapper, object *unstructured.Unstructured) dynamic.ResourceInterface {
	t.Helper()
	kind := object.GroupVersionKind()
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: kind.Group, Kind: kind.Kind}, kind.Version)
	require.NoError(t, err)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return client.Resource(mapping.Resource).Namespace(object.GetNamespace())
	}
	return client.Resource(mapping.Resource)
}

// requireComplete wants owner labels on every object, and limits and probes on
// every container: a Job's container ends by itself and needs no probe.
func requireComplete(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	pods := 0
	for _, object := range objects {
		what := object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
		requireOwned(t, what, object.GetLabels())
		template, lasting := podTemplate(object)
		if template == nil {
			continue
		}
		pods++
		labels, _, err := unstructured.NestedStringMap(template, "metadata", "labels")
		require.NoError(t, err, what)
		requireOwned(t, what+"'s pods", labels)
		requireBounded(t, what, template, "containers", lasting)
		requireBounded(t, what, template, "initContainers", false)
	}
	require.NotZero(t, pods)
}

func requireOwned(t *testing.T, what string, labels map[string]string) {
	t.Helper()
	for _, label := range []string{"app.kubernetes.io/managed-by", "app.kubernetes.io/part-of", "gatehouse/environment", "gatehouse/owner"} {
		require.NotEmpty(t, labels[label], "%s lacks the label %s", what, label)
	}
}

// podTemplate is the object's pod template, and whether its pods are to last.
func podTemplate(object *unstructured.Unstructured) (template map[string]any, lasting bool) {
	path := []string{"spec", "template"}
	switch object.GetKind() {
	case "Deployment", "StatefulSet", "DaemonSet":
		lasting = true
	case "Job":
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template"}
	default:
		return nil, false
	}
	template, _, _ = unstructured.NestedMap(object.Object, path...)
	return template, lasting
}

func requireBounded(t *testing.T, what string, template map[string]any, field string, probed bool) {
	t.Helper()
	containers, _, err := unstructured.NestedSlice(template, "spec", field)
	require.NoError(t, err, what)
	for _, each := range containers {
		container := each.(map[string]any)
		name := what + ", container " + container["name"].(string)
		for _, bound := range []string{"requests", "limits"} {
			for _, resource := range []string{"cpu", "memory"} {
				value, _, _ := unstructured.NestedString(container, "resources", bound, resource)
				require.NotEmpty(t, value, "%s has no %s of %s", name, bound, resource)
			}
		}
		if !probed {
			continue
		}
		for _, probe := range []string{"livenessProbe", "readinessProbe"} {
			require.Contains(t, container, probe, name)
		}
	}
}
