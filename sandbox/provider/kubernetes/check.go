package kubernetes

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/api/validation/path"
)

// Check judges a resource's shape, fills in its kind, and names it when the
// program does not. What the kind's fields may hold, the API server judges at
// preview.
func (p *Provider) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	if Simulated(string(req.Type)) {
		return checkRelease(req)
	}
	var failures []plugin.CheckFailure
	fail := func(property, format string, args ...any) {
		failures = append(failures, plugin.CheckFailure{Property: resource.PropertyKey(property), Reason: fmt.Sprintf(format, args...)})
	}
	if reason := refused(req.Type, req.News); reason != "" {
		fail("", "%s", reason)
		return plugin.CheckResponse{Properties: req.News, Failures: failures}, nil
	}
	gvk, err := kindOf(req.Type, req.News)
	if err != nil {
		fail("apiVersion", "%s", err)
		return plugin.CheckResponse{Properties: req.News, Failures: failures}, nil
	}

	inputs := maps.Clone(req.News)
	inputs["apiVersion"] = resource.NewProperty(gvk.GroupVersion().String())
	inputs["kind"] = resource.NewProperty(gvk.Kind)
	hideSecretData(gvk.GroupKind(), inputs)

	metadata, secret := resource.PropertyMap{}, false
	if given, ok := inputs["metadata"]; ok && !given.IsNull() {
		if given.IsComputed() {
			return plugin.CheckResponse{Properties: inputs}, nil
		}
		if secret = given.IsSecret(); !reveal(given).IsObject() {
			fail("metadata", "metadata must be an object")
			return plugin.CheckResponse{Properties: inputs, Failures: failures}, nil
		}
		metadata = maps.Clone(reveal(given).ObjectValue())
	}
	checkMetadata(metadata, fail)
	if len(failures) == 0 {
		if err := name(metadata, req); err != nil {
			fail("metadata.name", "%s", err)
		}
	}
	inputs["metadata"] = resource.NewProperty(metadata)
	if secret {
		inputs["metadata"] = resource.MakeSecret(inputs["metadata"])
	}
	return plugin.CheckResponse{Properties: inputs, Failures: failures}, nil
}

// checkMetadata judges the part that every kind has. What is not known yet
// passes.
func checkMetadata(metadata resource.PropertyMap, fail func(property, format string, args ...any)) {
	for _, key := range []resource.PropertyKey{"name", "namespace"} {
		value := reveal(metadata[key])
		switch {
		case value.IsNull() || value.IsComputed():
		case !value.IsString():
			fail("metadata."+string(key), "must be a string")
		default:
			for _, problem := range path.IsValidPathSegmentName(value.StringValue()) {
				fail("metadata."+string(key), "%q %s", value.StringValue(), problem)
			}
		}
	}
	if given, ok := metadata["generateName"]; ok && !given.IsNull() {
		fail("metadata.generateName", "is not served by the sandbox; leave the name out to have one made")
	}
	for _, key := range []resource.PropertyKey{"labels", "annotations"} {
		values := reveal(metadata[key])
		if values.IsNull() || values.IsComputed() {
			continue
		}
		if !values.IsObject() {
			fail("metadata."+string(key), "must be an object")
			continue
		}
		for _, below := range slices.Sorted(maps.Keys(values.ObjectValue())) {
			value := reveal(values.ObjectValue()[below])
			if !value.IsString() && !value.IsComputed() && !value.IsNull() {
				fail(fmt.Sprintf("metadata.%s[%q]", key, below), "must be a string, not %s", value.TypeString())
			}
		}
	}
}

// name fills in metadata.name when the program leaves it out: the name of last
// time if that was made here too, else the logical name and eight random hex
// digits, or what the engine's own naming configuration says.
func name(metadata resource.PropertyMap, req plugin.CheckRequest) error {
	if given, ok := metadata["name"]; ok && !given.IsNull() && (!reveal(given).IsString() || reveal(given).StringValue() != "") {
		return nil
	}
	made, _ := stringAt(req.Olds, "metadata", "name")
	if automatic, _ := stringAt(req.Olds, "metadata", "annotations", annotationAutonamed); automatic != "true" {
		made = ""
	}
	if made == "" {
		var err error
		if made, err = autoname(req); err != nil {
			return err
		}
	}
	metadata["name"] = resource.NewProperty(made)
	annotations := resource.PropertyMap{}
	if given := reveal(metadata["annotations"]); given.IsObject() {
		annotations = maps.Clone(given.ObjectValue())
	} else if given.IsComputed() {
		return nil // marked on the next run, when the others are known
	}
	annotations[annotationAutonamed] = resource.NewProperty("true")
	metadata["annotations"] = resource.NewProperty(annotations)
	return nil
}

func autoname(req plugin.CheckRequest) (string, error) {
	if options := req.Autonaming; options != nil {
		switch options.Mode {
		case plugin.AutonamingModeDisabled:
			return "", fmt.Errorf("automatic naming is disabled by the stack's configuration; give a name")
		case plugin.AutonamingModeEnforce, plugin.AutonamingModePropose:
			return options.ProposedName, nil
		}
	}
	return resource.NewUniqueName(req.RandomSeed, req.Name+"-", 8, 0, nil)
}
