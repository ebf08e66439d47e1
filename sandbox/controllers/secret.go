package controllers

import (
	"context"
	"encoding/base64"
	"maps"
	"reflect"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

// wantedSecret is a Secret that belongs to another object.
type wantedSecret struct {
	name, kind          string
	labels, annotations map[string]string
	data                map[string]string
}

// secret reads the current Secret of that name, nil when there is none.
func (s stand) secret(ctx context.Context, namespace, name string) (*unstructured.Unstructured, error) {
	found, err := s.client.Resource(secrets).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// putSecret makes the Secret, or changes what differs. It goes with its owner.
func (s stand) putSecret(ctx context.Context, owner *unstructured.Unstructured, want wantedSecret) error {
	if want.kind == "" {
		want.kind = "Opaque"
	}
	data := map[string]any{}
	for key, value := range want.data {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	client := s.client.Resource(secrets).Namespace(owner.GetNamespace())
	old, err := s.secret(ctx, owner.GetNamespace(), want.name)
	if err != nil {
		return err
	}
	if old == nil {
		made := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Secret", "type": want.kind, "data": data}}
		made.SetName(want.name)
		made.SetLabels(want.labels)
		made.SetAnnotations(want.annotations)
		made.SetOwnerReferences([]metav1.OwnerReference{*metav1.NewControllerRef(owner, owner.GroupVersionKind())})
		_, err := client.Create(ctx, made, metav1.CreateOptions{})
		return err
	}
	changed := old.DeepCopy()
	changed.Object["data"] = data
	changed.SetLabels(merged(old.GetLabels(), want.labels))
	changed.SetAnnotations(merged(old.GetAnnotations(), want.annotations))
	if reflect.DeepEqual(old.Object, changed.Object) {
		return nil
	}
	_, err = client.Update(ctx, changed, metav1.UpdateOptions{})
	return err
}

// merged is nil when both are empty, as the API server has it.
func merged(old, more map[string]string) map[string]string {
	if len(old)+len(more) == 0 {
		return nil
	}
	all := maps.Clone(more)
	if all == nil {
		all = map[string]string{}
	}
	for key, value := range old {
		if _, ok := all[key]; !ok {
			all[key] = value
		}
	}
	return all
}
