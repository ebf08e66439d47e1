package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// leave prepares an object for an update with ignoreChanges, as the official provider
// does since 4.21: a field that only others own is left out, so that it stays theirs;
// any other has its live value. Applied with the value of last time, which the engine
// puts there, it would be taken back.
//
// Like the official one it follows neither lists nor names with a dot or a slash:
// spec.template.spec.containers[0].image is not found, and is taken back.
func (t target) leave(ctx context.Context, object *unstructured.Unstructured, manager string, ignored []string) error {
	if len(ignored) == 0 {
		return nil
	}
	live, err := t.get(ctx)
	if err != nil || live == nil {
		return err
	}
	ours, theirs, err := owners(live, manager)
	if err != nil {
		return fmt.Errorf("read who owns fields of %s: %w", t, err)
	}
	for _, text := range ignored {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return fmt.Errorf("read ignoreChanges %q: %w", text, err)
		}
		steps := strings.Split(path.String(), ".")
		if owned(theirs, steps) && !owned(ours, steps) {
			unstructured.RemoveNestedField(object.Object, steps...)
			continue
		}
		value, found, err := unstructured.NestedFieldCopy(live.Object, steps...)
		if err == nil && found {
			err = unstructured.SetNestedField(object.Object, value, steps...)
		}
		if err != nil {
			return fmt.Errorf("leave %q of %s as it is: %w", text, t, err)
		}
	}
	return nil
}

// owners are the fields of one manager, and those of all others, as the API server
// writes them: {"f:spec":{"f:replicas":{}}}.
func owners(live *unstructured.Unstructured, manager string) (ours, theirs []map[string]any, err error) {
	for _, entry := range live.GetManagedFields() {
		if entry.FieldsV1 == nil {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(entry.FieldsV1.Raw, &fields); err != nil {
			return nil, nil, err
		}
		if entry.Manager == manager {
			ours = append(ours, fields)
		} else {
			theirs = append(theirs, fields)
		}
	}
	return ours, theirs, nil
}

// owned says whether something at a path, or below it, is owned.
func owned(all []map[string]any, path []string) bool {
	names := make([]string, len(path))
	for i, step := range path {
		names[i] = "f:" + step
	}
	for _, fields := range all {
		if _, found, err := unstructured.NestedFieldNoCopy(fields, names...); found && err == nil {
			return true
		}
	}
	return false
}
