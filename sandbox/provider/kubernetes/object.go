package kubernetes

import (
	"math"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// managerKey is where a resource's state keeps the name under which its fields
// are owned in the API server, so that an alias (a new URN) keeps them.
const managerKey resource.PropertyKey = "__fieldManager"

// reveal takes one layer of secrecy off.
func reveal(v resource.PropertyValue) resource.PropertyValue {
	for v.IsSecret() {
		v = v.SecretValue().Element
	}
	return v
}

// revealAll takes all secrecy off, at every depth, and drops what is internal.
func revealAll(props resource.PropertyMap) resource.PropertyMap {
	out := make(resource.PropertyMap, len(props))
	for key, value := range props {
		if !resource.IsInternalPropertyKey(key) {
			out[key] = revealDeep(value)
		}
	}
	return out
}

func revealDeep(v resource.PropertyValue) resource.PropertyValue {
	v = reveal(v)
	switch {
	case v.IsObject():
		out := make(resource.PropertyMap, len(v.ObjectValue()))
		for key, value := range v.ObjectValue() {
			out[key] = revealDeep(value)
		}
		return resource.NewProperty(out)
	case v.IsArray():
		out := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, value := range v.ArrayValue() {
			out[i] = revealDeep(value)
		}
		return resource.NewProperty(out)
	}
	return v
}

// toObject makes the object that the API server is sent. Secrets are revealed;
// known is false when something in it is not known yet, and that part is left
// out.
func toObject(gvk schema.GroupVersionKind, props resource.PropertyMap) (object *unstructured.Unstructured, known bool) {
	value, known := toJSON(resource.NewProperty(revealAll(props)))
	object = &unstructured.Unstructured{Object: value.(map[string]any)}
	object.SetGroupVersionKind(gvk)
	return object, known
}

func toJSON(v resource.PropertyValue) (value any, known bool) {
	switch {
	case v.IsComputed(), v.IsOutput() && !v.OutputValue().Known:
		return nil, false
	case v.IsOutput():
		return toJSON(v.OutputValue().Element)
	case v.IsSecret():
		return toJSON(v.SecretValue().Element)
	case v.IsObject():
		out, known := map[string]any{}, true
		for key, item := range v.ObjectValue() {
			plain, ok := toJSON(item)
			known = known && ok
			// A null says "not set"; the API server would take it for a value.
			if plain != nil {
				out[string(key)] = plain
			}
		}
		return out, known
	case v.IsArray():
		out, known := []any{}, true
		for _, item := range v.ArrayValue() {
			plain, ok := toJSON(item)
			known = known && ok
			out = append(out, plain)
		}
		return out, known
	case v.IsNumber():
		// Pulumi has one kind of number; Kubernetes tells 1 from 1.0.
		if n := v.NumberValue(); n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int64(n), true
		}
		return v.NumberValue(), true
	case v.IsString():
		return v.StringValue(), true
	case v.IsBool():
		return v.BoolValue(), true
	}
	return nil, true
}

// toState makes a resource's outputs of the live object: all that the API
// server says, less the book-keeping of field owners, and secret where an
// input is.
func toState(live *unstructured.Unstructured, inputs resource.PropertyMap, manager string) resource.PropertyMap {
	object := live.DeepCopy()
	object.SetManagedFields(nil)
	state := carrySecrets(resource.NewProperty(inputs),
		resource.NewProperty(resource.NewPropertyMapFromMap(object.Object))).ObjectValue()
	hideSecretData(live.GroupVersionKind().GroupKind(), state)
	if manager != "" {
		state[managerKey] = resource.NewProperty(manager)
	}
	return state
}

// carrySecrets marks secret in to what is secret in from.
func carrySecrets(from, to resource.PropertyValue) resource.PropertyValue {
	switch {
	case from.IsSecret() && !to.IsSecret() && !to.IsNull():
		return resource.MakeSecret(carrySecrets(reveal(from), to))
	case from.IsObject() && to.IsObject():
		for key, value := range from.ObjectValue() {
			if below, ok := to.ObjectValue()[key]; ok {
				to.ObjectValue()[key] = carrySecrets(value, below)
			}
		}
	case from.IsArray() && to.IsArray():
		for i, value := range from.ArrayValue() {
			if i < len(to.ArrayValue()) {
				to.ArrayValue()[i] = carrySecrets(value, to.ArrayValue()[i])
			}
		}
	}
	return to
}
