package controllers

import (
	"context"
	"maps"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func storesOf(resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "external-secrets.io", Version: "v1", Resource: resource}
}

func issuersOf(resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "cert-manager.io", Version: "v1", Resource: resource}
}

// ready makes objects Ready that have nothing else to show.
func (s stand) ready(resource schema.GroupVersionResource) func(context.Context, *unstructured.Unstructured) error {
	return func(ctx context.Context, object *unstructured.Unstructured) error {
		return s.report(ctx, resource, object, "Valid", nil)
	}
}

// report writes the Ready condition and the given fields of the status, once.
func (s stand) report(
	ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, reason string, fields map[string]any,
) error {
	if isReady(object) {
		return nil
	}
	status := map[string]any{"conditions": []any{map[string]any{
		"type": "Ready", "status": "True", "reason": reason, "message": pretending, "lastTransitionTime": now(),
	}}}
	maps.Copy(status, fields)
	object.Object["status"] = status
	_, err := s.client.Resource(resource).Namespace(object.GetNamespace()).UpdateStatus(ctx, object, metav1.UpdateOptions{})
	return err
}

func isReady(object *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, c := range conditions {
		if condition, ok := c.(map[string]any); ok && condition["type"] == "Ready" && condition["status"] == "True" {
			return true
		}
	}
	return false
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }
