package cluster

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"gatehouse/keeper/backup"
)

// externalSecrets name Secrets and their keys, and where the values are.
var externalSecrets = schema.GroupVersionResource{Group: "external-secrets.io", Version: "v1", Resource: "externalsecrets"}

// Kinds are the kinds of objects that a configuration backup holds. Secrets are
// not among them, and the keeper may not read any: whoever may list them reads
// their values. Their names and keys come from ExternalSecrets.
func Kinds() []schema.GroupVersionResource {
	return []schema.GroupVersionResource{
		{Version: "v1", Resource: "configmaps"},
		{Version: "v1", Resource: "services"},
		{Version: "v1", Resource: "serviceaccounts"},
		{Version: "v1", Resource: "persistentvolumeclaims"},
		{Version: "v1", Resource: "resourcequotas"},
		{Version: "v1", Resource: "limitranges"},
		{Group: "apps", Version: "v1", Resource: "deployments"},
		{Group: "apps", Version: "v1", Resource: "statefulsets"},
		{Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"},
		{Group: "batch", Version: "v1", Resource: "cronjobs"},
		{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
		{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"},
		{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"},
		{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "roles"},
		{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "rolebindings"},
		externalSecrets,
	}
}

// madeByTheCluster are ConfigMaps that every namespace gets by itself.
var madeByTheCluster = []string{"kube-root-ca.crt", "istio-ca-root-cert", "istio-ca-crl"}

// Configuration is the configuration of some namespaces.
type Configuration struct {
	// Gzipped is a gzipped stream of YAML documents that kubectl can apply.
	Gzipped []byte
	Objects int
	// Secrets are the Secrets that it needs.
	Secrets []backup.Secret
}

// Configuration reads the configuration of namespaces. A kind that the cluster
// does not know is left out; one that may not be read is an error.
func (c *Cluster) Configuration(ctx context.Context, namespaces ...string) (Configuration, error) {
	var made Configuration
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	for _, namespace := range namespaces {
		for _, kind := range Kinds() {
			list, err := c.dynamic.Resource(kind).Namespace(namespace).List(ctx, metav1.ListOptions{})
			if apierrors.IsNotFound(err) {
				continue
			}
			if err != nil {
				return Configuration{}, fmt.Errorf("read %s of namespace %s: %w", kind.Resource, namespace, err)
			}
			for i := range list.Items {
				object := &list.Items[i]
				if madeElsewhere(object) {
					continue
				}
				if kind == externalSecrets {
					made.Secrets = append(made.Secrets, secretOf(object))
				}
				text, err := document(object)
				if err != nil {
					return Configuration{}, err
				}
				_, _ = zip.Write(text) // to memory
				made.Objects++
			}
		}
	}
	if made.Objects == 0 {
		return Configuration{}, fmt.Errorf("read the configuration of %v: there are no objects; are these the right namespaces?", namespaces)
	}
	if err := zip.Close(); err != nil {
		return Configuration{}, err
	}
	made.Gzipped = packed.Bytes()
	return made, nil
}

// madeElsewhere says whether an object comes back by itself: made by the
// cluster, or by a controller from another object.
func madeElsewhere(object *unstructured.Unstructured) bool {
	owner := metav1.GetControllerOf(object)
	name := object.GetName()
	return owner != nil ||
		object.GetKind() == "ConfigMap" && (slices.Contains(madeByTheCluster, name) || name == StatusName) ||
		object.GetKind() == "ServiceAccount" && name == "default"
}

// document is an object as it was asked for: without what the server adds.
func document(object *unstructured.Unstructured) ([]byte, error) {
	delete(object.Object, "status")
	for _, field := range []string{"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"} {
		unstructured.RemoveNestedField(object.Object, "metadata", field)
	}
	// kubectl's copy of the object would be out of date.
	unstructured.RemoveNestedField(object.Object, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
	// Services are given their addresses anew.
	for _, field := range []string{"clusterIP", "clusterIPs"} {
		if address, _, _ := unstructured.NestedString(object.Object, "spec", "clusterIP"); object.GetKind() == "Service" && address != "None" {
			unstructured.RemoveNestedField(object.Object, "spec", field)
		}
	}
	text, err := yaml.Marshal(object.Object)
	if err != nil {
		return nil, fmt.Errorf("write %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return append([]byte("---\n"), text...), nil
}

// secretOf is the Secret that an ExternalSecret makes.
func secretOf(object *unstructured.Unstructured) backup.Secret {
	secret := backup.Secret{Namespace: object.GetNamespace(), Name: object.GetName(), Keys: []string{}}
	if name, _, _ := unstructured.NestedString(object.Object, "spec", "target", "name"); name != "" {
		secret.Name = name
	}
	entries, _, _ := unstructured.NestedSlice(object.Object, "spec", "data")
	for _, entry := range entries {
		if fields, ok := entry.(map[string]any); ok {
			if key, ok := fields["secretKey"].(string); ok {
				secret.Keys = append(secret.Keys, key)
			}
		}
	}
	templated, _, _ := unstructured.NestedMap(object.Object, "spec", "target", "template", "data")
	if len(templated) > 0 { // then the template alone decides
		secret.Keys = secret.Keys[:0]
		for key := range templated {
			secret.Keys = append(secret.Keys, key)
		}
	}
	slices.Sort(secret.Keys)
	return secret
}
