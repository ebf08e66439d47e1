package kubernetes

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kindOfToken reads the group, version and kind from a type token:
// kubernetes:apps/v1:Deployment, or kubernetes:monitoring.coreos.com/v1:Probe
// for a custom resource. Pulumi writes the group without a name as "core".
func kindOfToken(token tokens.Type) (schema.GroupVersionKind, error) {
	parts := strings.Split(string(token), ":")
	if len(parts) != 3 || parts[0] != "kubernetes" {
		return schema.GroupVersionKind{}, fmt.Errorf("the sandbox's kubernetes provider has no type %s", token)
	}
	module := strings.TrimPrefix(parts[1], "core/")
	gv, err := schema.ParseGroupVersion(module)
	if err != nil || gv.Version == "" {
		return schema.GroupVersionKind{}, fmt.Errorf("the sandbox's kubernetes provider has no type %s", token)
	}
	return gv.WithKind(parts[2]), nil
}

// kindOf is the kind that a resource's inputs or state name, and the token's
// where they name none.
func kindOf(token tokens.Type, props resource.PropertyMap) (schema.GroupVersionKind, error) {
	fallback, err := kindOfToken(token)
	if err != nil {
		return schema.GroupVersionKind{}, err
	}
	gvk := fallback
	if kind, ok := stringAt(props, "kind"); ok {
		gvk.Kind = kind
	}
	if version, ok := stringAt(props, "apiVersion"); ok {
		gv, err := schema.ParseGroupVersion(version)
		if err != nil {
			return schema.GroupVersionKind{}, fmt.Errorf("read apiVersion %q: %w", version, err)
		}
		gvk = gv.WithKind(gvk.Kind)
	}
	return gvk, nil
}

// refused says why the stand-in does not serve a type, or nothing.
func refused(token tokens.Type, props resource.PropertyMap) string {
	named, err := kindOfToken(token)
	if err != nil {
		return err.Error()
	}
	kind, _ := stringAt(props, "kind")
	_, items := props["items"]
	switch {
	case strings.HasSuffix(named.Kind, "Patch") && (kind == "" || kind+"Patch" == named.Kind):
		return fmt.Sprintf("the sandbox has no stand-in for patches (%s); manage the whole resource instead", token)
	case strings.HasSuffix(named.Kind, "List") && items:
		return fmt.Sprintf("the sandbox has no stand-in for lists (%s); declare its items one by one", token)
	case named.Group == "helm.sh" || named.Group == "yaml" || named.Group == "kustomize":
		return fmt.Sprintf("the sandbox has no stand-in for %s", token)
	case kind != "" && kind != named.Kind:
		return fmt.Sprintf("kind %q does not fit the type %s", kind, token)
	}
	return ""
}

// makeID is a resource's ID, as the official provider writes it: the name, and
// the namespace before it where the kind has one.
func makeID(namespace, name string) resource.ID {
	if namespace == "" {
		return resource.ID(name)
	}
	return resource.ID(namespace + "/" + name)
}

// splitID is makeID's inverse. The namespace is empty where there is none.
func splitID(id resource.ID) (namespace, name string) {
	if namespace, name, ok := strings.Cut(string(id), "/"); ok {
		return namespace, name
	}
	return "", string(id)
}

// stringAt is the known string under a path of object keys.
func stringAt(props resource.PropertyMap, path ...resource.PropertyKey) (string, bool) {
	value := resource.NewProperty(props)
	for _, key := range path {
		value = reveal(value)
		if !value.IsObject() {
			return "", false
		}
		value = value.ObjectValue()[key]
	}
	value = reveal(value)
	if !value.IsString() {
		return "", false
	}
	return value.StringValue(), true
}
