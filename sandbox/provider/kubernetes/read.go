package kubernetes

import (
	"context"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Read finds what has become of a resource (refresh), or what one looks like
// that Pulumi does not know yet (import). A resource that is gone has no ID.
func (p *Provider) Read(ctx context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	unchanged := plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: req.ID, Inputs: req.Inputs, Outputs: req.State}}
	if Simulated(string(req.Type)) {
		return unchanged, nil
	}
	if p.cluster == nil {
		return plugin.ReadResponse{}, errNotConnected
	}
	ctx, done := p.begin(ctx, req.URN)
	defer done()
	gvk, err := kindOf(req.Type, req.State)
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	namespace, name := splitID(req.ID)
	t, err := p.cluster.target(gvk, namespace, name)
	if meta.IsNoMatchError(err) {
		return plugin.ReadResponse{}, nil
	}
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	live, err := t.get(ctx)
	if err != nil || live == nil {
		return plugin.ReadResponse{}, err
	}

	manager := managerOf(req.URN, req.State)
	inputs := imported(live)
	if len(req.Inputs) > 0 {
		inputs = drifted(req.Inputs, t.intended(ctx, req.Inputs, manager), live)
	}
	hideSecretData(gvk.GroupKind(), inputs)
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: resource.ID(t.id()), Inputs: inputs, Outputs: toState(live, inputs, manager),
	}}, nil
}

// intended is what the API server would make of the inputs if they were applied
// to the live object now, in its own words (defaults, quantities, order). Where
// it would refuse them, they stand for themselves.
func (t target) intended(ctx context.Context, inputs resource.PropertyMap, manager string) *unstructured.Unstructured {
	object, _ := toObject(t.gvk, inputs)
	object.SetNamespace(t.namespace)
	intended, err := t.apply(ctx, object, applied{manager: manager, force: true, dryRun: true})
	if err != nil {
		return object
	}
	return intended
}

// drifted gives the inputs as the live object has them. A property is drift
// where the live value differs from the intended one; only such properties are
// touched, so that what others own or default never shows.
func drifted(inputs resource.PropertyMap, intended, live *unstructured.Unstructured) resource.PropertyMap {
	want, is := intended.DeepCopy().Object, live.DeepCopy().Object
	writeOnly(inputs, want, is)
	return driftedObject(inputs, want, is)
}

func driftedObject(inputs resource.PropertyMap, want, is map[string]any) resource.PropertyMap {
	out := make(resource.PropertyMap, len(inputs))
	for key, input := range inputs {
		wanted, managed := want[string(key)]
		found, present := is[string(key)]
		switch {
		case !managed && !present:
			out[key] = input
		case present:
			out[key] = driftedValue(input, wanted, found)
		}
	}
	return out
}

func driftedValue(input resource.PropertyValue, want, is any) resource.PropertyValue {
	if reflect.DeepEqual(want, is) {
		return input
	}
	if input.IsSecret() {
		return resource.MakeSecret(driftedValue(reveal(input), want, is))
	}
	wantedMap, ok1 := want.(map[string]any)
	foundMap, ok2 := is.(map[string]any)
	if input.IsObject() && ok1 && ok2 {
		return resource.NewProperty(driftedObject(input.ObjectValue(), wantedMap, foundMap))
	}
	wantedList, ok1 := want.([]any)
	foundList, ok2 := is.([]any)
	if input.IsArray() && ok1 && ok2 && len(wantedList) == len(foundList) && len(foundList) == len(input.ArrayValue()) {
		out := make([]resource.PropertyValue, len(foundList))
		for i, element := range input.ArrayValue() {
			out[i] = driftedValue(element, wantedList[i], foundList[i])
		}
		return resource.NewProperty(out)
	}
	return resource.NewPropertyValue(is)
}

// imported is an object as a program would declare it: less its status, and
// less what the API server and its controllers write into metadata.
func imported(live *unstructured.Unstructured) resource.PropertyMap {
	object := live.DeepCopy()
	delete(object.Object, "status")
	for _, field := range []string{
		"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation",
		"managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid",
	} {
		unstructured.RemoveNestedField(object.Object, "metadata", field)
	}
	for _, annotation := range []string{"deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"} {
		unstructured.RemoveNestedField(object.Object, "metadata", "annotations", annotation)
	}
	return resource.NewPropertyMapFromMap(object.Object)
}
