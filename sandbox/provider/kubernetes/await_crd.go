package kubernetes

import (
	"context"
	"fmt"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

var crdKind = schema.GroupKind{Group: apiextensionsv1.GroupName, Kind: "CustomResourceDefinition"}

// crdProgress: its names are accepted and the API server has taken it up.
func crdProgress(d *apiextensionsv1.CustomResourceDefinition) progress {
	out := progress{waiting: "the API server has not taken it up"}
	for _, condition := range d.Status.Conditions {
		switch {
		case condition.Type == apiextensionsv1.NamesAccepted && condition.Status == apiextensionsv1.ConditionFalse:
			return progress{failed: condition.Message}
		case condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue:
			out = progress{ready: true}
		}
	}
	return out
}

// awaitServed waits until the new kind is found by discovery, which lags a
// moment behind its definition: custom resources that come next must find it.
func (c *cluster) awaitServed(ctx context.Context, live *unstructured.Unstructured) error {
	var d apiextensionsv1.CustomResourceDefinition
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(live.Object, &d); err != nil {
		return fmt.Errorf("read CustomResourceDefinition %s: %w", live.GetName(), err)
	}
	kind := schema.GroupKind{Group: d.Spec.Group, Kind: d.Spec.Names.Kind}
	var last error
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, c.timeout, true, func(context.Context) (bool, error) {
		last = c.served(kind, d.Spec.Versions)
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("wait until %s is served: %w", kind, last)
	}
	return nil
}

// served says which version discovery does not find yet, and has discovery
// asked again next time.
func (c *cluster) served(kind schema.GroupKind, versions []apiextensionsv1.CustomResourceDefinitionVersion) error {
	for _, version := range versions {
		if !version.Served {
			continue
		}
		if _, err := c.mapper.RESTMapping(kind, version.Name); err != nil {
			c.mapper.Reset()
			return err
		}
	}
	return nil
}
