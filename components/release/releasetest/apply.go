package releasetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/components/componenttest"
	"gatehouse/sandbox/sandboxtest"
)

// DryRun applies the objects on a real API server, as `kubectl apply
// --dry-run=server` does, strictly, in namespaces that enforce the restricted
// Pod Security Standard. A refusal fails the test, and so does a warning.
func DryRun(t testing.TB, objects []*unstructured.Unstructured) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	config.QPS = -1
	heard := &sandboxtest.Warnings{}
	config.WarningHandler = heard
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	found, err := discovery.NewDiscoveryClientForConfig(config)
	require.NoError(t, err)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(found))
	makeNamespaces(t, config, objects)
	require.NotEmpty(t, objects)
	for _, object := range objects {
		if object.GetKind() == "CustomResourceDefinition" {
			continue // the sandbox has them
		}
		gvk := object.GroupVersionKind()
		mapping, err := mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
		require.NoError(t, err, "%s %s", gvk, object.GetName())
		var resource dynamic.ResourceInterface = client.Resource(mapping.Resource)
		if mapping.Scope.Name() == "namespace" {
			resource = client.Resource(mapping.Resource).Namespace(object.GetNamespace())
		}
		_, err = resource.Create(t.Context(), object, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: "Strict"})
		require.NoError(t, err, "%s %s", object.GetKind(), object.GetName())
	}
	for name, pod := range Pods(t, objects) {
		// The standard is enforced on pods; of a template it only warns.
		dryRunPod(t, config, name, pod, namespaceOf(objects, name))
	}
	require.Empty(t, heard.Texts())
}

// Objects are the Kubernetes objects that a run registered, without those of
// charts.
func Objects(t testing.TB, seen componenttest.Registrations) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	for _, r := range seen.Customs() {
		if r.Input("apiVersion") == nil || r.Input("kind") == nil {
			continue
		}
		content := map[string]any{}
		for key := range r.Inputs {
			content[string(key)] = r.Input(string(key))
		}
		text, err := json.Marshal(content)
		require.NoError(t, err)
		object := &unstructured.Unstructured{}
		require.NoError(t, object.UnmarshalJSON(text))
		objects = append(objects, object)
	}
	return objects
}

func dryRunPod(t testing.TB, config *rest.Config, name string, template corev1.PodTemplateSpec, namespace string) {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	pod := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	pod.GenerateName, pod.Namespace = "pod-", namespace
	// What would have to exist first is not what is asked here.
	pod.Spec.ServiceAccountName, pod.Spec.PriorityClassName = "", ""
	_, err = client.CoreV1().Pods(namespace).Create(t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	require.NoError(t, err, "pod of %s", name)
}

func makeNamespaces(t testing.TB, config *rest.Config, objects []*unstructured.Unstructured) {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	for _, object := range objects {
		name := object.GetNamespace()
		if name == "" || name == "kube-system" {
			continue
		}
		_, err := client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: map[string]string{
				"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
			},
		}}, metav1.CreateOptions{})
		if !apierrors.IsAlreadyExists(err) {
			require.NoError(t, err)
		}
		// Without it no pod is even looked at; the controller manager is slower.
		account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
		_, err = client.CoreV1().ServiceAccounts(name).Create(t.Context(), account, metav1.CreateOptions{})
		if !apierrors.IsAlreadyExists(err) {
			require.NoError(t, err)
		}
	}
}

func namespaceOf(objects []*unstructured.Unstructured, name string) string {
	for _, object := range objects {
		if object.GetName() == name && object.GetNamespace() != "" {
			return object.GetNamespace()
		}
	}
	return "default"
}
