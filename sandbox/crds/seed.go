package crds

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Seed returns the definitions of a bundle as an API server keeps them in etcd,
// by key. An API server that finds them there at its first start serves them at
// once. To take them one after the other, by [Load], costs it about 200 ms of
// processor time each, most of it for the four updates of status that it makes
// to every one.
func Seed(bundle string, now time.Time) (map[string][]byte, error) {
	definitions, err := readBundle(bundle)
	if err != nil {
		return nil, err
	}
	stored := map[string][]byte{}
	for _, definition := range definitions {
		name := definition.GetName()
		if err := complete(definition, now); err != nil {
			return nil, fmt.Errorf("seed %s: %w", name, err)
		}
		if stored["/registry/apiextensions.k8s.io/customresourcedefinitions/"+name], err = json.Marshal(definition); err != nil {
			return nil, fmt.Errorf("seed %s: %w", name, err)
		}
	}
	return stored, nil
}

// complete adds what the API server adds to a definition that it accepts.
func complete(definition *unstructured.Unstructured, now time.Time) error {
	hash, err := hashOf(definition)
	if err != nil {
		return err
	}
	at := now.UTC().Format(time.RFC3339)
	for key, value := range map[string]any{
		"uid": uuid.NewString(), "creationTimestamp": at, "generation": int64(1), "annotations": map[string]any{hashAnnotation: hash},
	} {
		if err := unstructured.SetNestedField(definition.Object, value, "metadata", key); err != nil {
			return err
		}
	}
	names, _, err := unstructured.NestedMap(definition.Object, "spec", "names")
	if err != nil {
		return err
	}
	versions, _, err := unstructured.NestedSlice(definition.Object, "spec", "versions")
	if err != nil {
		return err
	}
	var storedVersions []any
	for _, each := range versions {
		if version, _ := each.(map[string]any); version["storage"] == true {
			storedVersions = append(storedVersions, version["name"])
		}
	}
	condition := func(kind, reason string) any {
		return map[string]any{"type": kind, "status": "True", "reason": reason, "lastTransitionTime": at, "message": "loaded with the sandbox"}
	}
	return unstructured.SetNestedMap(definition.Object, map[string]any{
		"acceptedNames":  names,
		"storedVersions": storedVersions,
		"conditions":     []any{condition("NamesAccepted", "NoConflicts"), condition("Established", "InitialNamesAccepted")},
	}, "status")
}

// readBundle decodes what [Bundle] has written.
func readBundle(path string) ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the CustomResourceDefinitions: %w", err)
	}
	var definitions []*unstructured.Unstructured
	if err := json.Unmarshal(text, &definitions); err != nil {
		return nil, fmt.Errorf("read the CustomResourceDefinitions: %s: %w", path, err)
	}
	return definitions, nil
}
