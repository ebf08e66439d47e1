package controllers

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	services  = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	ingresses = schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"}
)

// service stands in for the load balancer controller.
func (s stand) service(ctx context.Context, object *unstructured.Unstructured) error {
	if kind, _, _ := unstructured.NestedString(object.Object, "spec", "type"); kind != "LoadBalancer" {
		return nil
	}
	return s.address(ctx, services, object)
}

// ingress stands in for the ingress controller, which gives an Ingress the
// address that it is reached at itself.
func (s stand) ingress(ctx context.Context, object *unstructured.Unstructured) error {
	return s.address(ctx, ingresses, object)
}

// address gives the object a name that nothing will ever resolve (RFC 2606).
func (s stand) address(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) error {
	if given, _, _ := unstructured.NestedSlice(object.Object, "status", "loadBalancer", "ingress"); len(given) > 0 {
		return nil
	}
	name := object.GetName() + "." + object.GetNamespace() + ".elb.sandbox.invalid"
	if err := unstructured.SetNestedSlice(object.Object, []any{map[string]any{"hostname": name}}, "status", "loadBalancer", "ingress"); err != nil {
		return err
	}
	_, err := s.client.Resource(resource).Namespace(object.GetNamespace()).UpdateStatus(ctx, object, metav1.UpdateOptions{})
	return err
}
