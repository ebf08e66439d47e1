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
const Format = "crds/1"

const kind = "CustomResourceDefinition"

// Bundle reads the CustomResourceDefinitions of YAML files into one JSON list,
// sorted by name: at every start of a sandbox it is decoded ten times as fast
// as the files are. Labels and annotations are left out, because projects keep
// templates of their charts there.
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
		found = append(found, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": object.GetAPIVersion(),
			"kind":       kind,
			"metadata":   map[string]any{"name": object.GetName()},
			"spec":       object.Object["spec"],
		}})
	}
}
