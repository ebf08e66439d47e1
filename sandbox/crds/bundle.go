// Package crds prepares CustomResourceDefinitions and loads them into an API
// server. Which definitions there are is not known here.
package crds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// Format names the form of a bundle. It changes when [Bundle] makes another
// bundle of the same files, so that those in a cache are made anew.
const Format = "crds/2"

const kind = "CustomResourceDefinition"

// Bundle reads the CustomResourceDefinitions of YAML files into one JSON list,
// sorted by name. Labels and annotations are left out, because projects keep
// templates of their charts there. So are the descriptions of fields, two thirds
// of the bytes: an API server spends as much time on them as on all the rest, and
// only `kubectl explain` shows them.
func Bundle(files []string) ([]byte, error) {
	var all []*unstructured.Unstructured
	for _, file := range files {
		found, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("read %s: it holds no %s", file, kind)
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b *unstructured.Unstructured) int { return strings.Compare(a.GetName(), b.GetName()) })
	return json.Marshal(all)
}

func read(file string) ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var found []*unstructured.Unstructured
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var object unstructured.Unstructured
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if object.GetKind() != kind {
			continue
		}
		versions, _, err := unstructured.NestedSlice(object.Object, "spec", "versions")
		if err != nil {
			return nil, err
		}
		for _, version := range versions {
			schema, _, _ := unstructured.NestedFieldNoCopy(version.(map[string]any), "schema", "openAPIV3Schema")
			dropDescriptions(schema)
		}
		if err := unstructured.SetNestedSlice(object.Object, versions, "spec", "versions"); err != nil {
			return nil, err
		}
		found = append(found, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": object.GetAPIVersion(),
			"kind":       kind,
			"metadata":   map[string]any{"name": object.GetName()},
			"spec":       object.Object["spec"],
		}})
	}
}

// dropDescriptions removes the descriptions of a JSON schema and of those below
// it. A property of that name stays, and so do defaults and examples.
func dropDescriptions(schema any) {
	switch schema := schema.(type) {
	case []any:
		for _, each := range schema {
			dropDescriptions(each)
		}
	case map[string]any:
		delete(schema, "description")
		for _, name := range []string{"items", "additionalProperties", "not", "allOf", "anyOf", "oneOf"} {
			dropDescriptions(schema[name])
		}
		for _, name := range []string{"properties", "patternProperties"} {
			properties, _ := schema[name].(map[string]any)
			for _, property := range properties {
				dropDescriptions(property)
			}
		}
	}
}
