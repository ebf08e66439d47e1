package pack

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Read is one property that a rule looks at.
type Read struct {
	// Type is the pattern of types that it is read of.
	Type string
	// Path leads to the property; "*" stands for any key or index.
	Path resource.PropertyPath
	// Content is whether the value itself is needed, and not only which
	// resources it is made from.
	Content bool
	// Name is what of a text there the rule does not look into; "" when it looks
	// into all of it.
	Name Name
}

// Name is a part of a text that a rule compares and hands on in its messages, but
// does not look into: it says the same whatever the name is.
type Name string

// The names that METADATA knows, by the key that lists their paths.
const (
	// Whole is a text of which all is a name.
	Whole Name = "names"
	// Image is an image, of which all before its tag and digest is a name.
	Image Name = "images"
)

// pods is a word of METADATA: as a type, every kind that has a pod spec; as the
// beginning of a path, that pod spec.
const pods = "$pod"

// podSpecs are the kinds that have a pod spec and where it is.
var podSpecs = map[string]string{
	"kubernetes:core/v1:Pod":                   "spec",
	"kubernetes:core/v1:PodTemplate":           "template.spec",
	"kubernetes:core/v1:ReplicationController": "spec.template.spec",
	"kubernetes:apps/*:Deployment":             "spec.template.spec",
	"kubernetes:apps/*:ReplicaSet":             "spec.template.spec",
	"kubernetes:apps/*:StatefulSet":            "spec.template.spec",
	"kubernetes:apps/*:DaemonSet":              "spec.template.spec",
	"kubernetes:batch/*:Job":                   "spec.template.spec",
	"kubernetes:batch/*:CronJob":               "spec.jobTemplate.spec.template.spec",
}

// names are what every rule about a stack joins the objects of Kubernetes by, and
// tells what another object owns.
var names = []Read{
	{Type: "kubernetes:*", Path: resource.PropertyPath{"metadata", "namespace"}},
	{Type: "kubernetes:*", Path: resource.PropertyPath{"metadata", "name"}},
	{Type: "kubernetes:*", Path: resource.PropertyPath{"metadata", "ownerReferences"}},
}

// expandTypes writes the word for all pods out.
func expandTypes(types []string) []string {
	var all []string
	for _, t := range types {
		if t != pods+"s" {
			all = append(all, t)
			continue
		}
		for kind := range podSpecs {
			all = append(all, kind)
		}
	}
	return sorted(all)
}

func newRead(types []string, pattern string, content bool) ([]Read, error) {
	var reads []Read
	add := func(t, path string) error {
		parsed, err := resource.ParsePropertyPath(path)
		if err != nil {
			return fmt.Errorf("path %s: %w", pattern, err)
		}
		reads = append(reads, Read{Type: t, Path: parsed, Content: content})
		return nil
	}
	if rest, is := strings.CutPrefix(pattern, pods); is {
		for kind, spec := range podSpecs {
			if err := add(kind, spec+rest); err != nil {
				return nil, err
			}
		}
		return reads, nil
	}
	for _, t := range types {
		if err := add(t, pattern); err != nil {
			return nil, err
		}
	}
	return reads, nil
}

// Matches tells whether a type is one that a pattern stands for.
func Matches(pattern, typ string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == typ
	}
	if !strings.HasPrefix(typ, before) {
		return false
	}
	for rest := typ[len(before):]; ; rest = rest[1:] {
		if Matches(after, rest) {
			return true
		}
		if rest == "" {
			return false
		}
	}
}

// Overlap tells whether one of two paths leads to the other; "*" in pattern
// stands for any step.
func Overlap(path, pattern resource.PropertyPath) bool {
	for i := range min(len(path), len(pattern)) {
		if pattern[i] != "*" && path[i] != pattern[i] {
			return false
		}
	}
	return true
}
