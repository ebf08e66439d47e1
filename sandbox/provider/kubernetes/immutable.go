package kubernetes

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// immutable is a part of an object that the API server does not let change, so
// that a change means a new object.
type immutable struct {
	path   string                     // such as spec.selector
	except []resource.PropertyKey     // keys under path that may change after all
	when   func(old, new change) bool // nil: always
}

// change is what a rule may look at: one side of a change.
type change struct {
	props    resource.PropertyMap
	settings settings
}

func (c change) at(path ...resource.PropertyKey) string {
	text, _ := stringAt(c.props, path...)
	return text
}

// immutables lists the immutable parts of a kind, as its API validation has
// them (the ValidateXUpdate functions of kubernetes/pkg/apis). ConfigMaps and
// Secrets are replaced when their data changes, as the official provider does,
// so that what mounts them rolls over.
func immutables(kind schema.GroupKind) []immutable {
	switch kind.String() {
	case "Deployment.apps", "DaemonSet.apps", "ReplicaSet.apps":
		return paths("spec.selector")
	case "StatefulSet.apps":
		return []immutable{{path: "spec", except: keys("replicas", "ordinals", "template", "updateStrategy",
			"persistentVolumeClaimRetentionPolicy", "minReadySeconds", "revisionHistoryLimit")}}
	case "Job.batch":
		return paths("spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy",
			"spec.backoffLimitPerIndex", "spec.managedBy", "spec.manualSelector")
	case "Pod":
		return []immutable{{path: "spec", except: keys("containers", "initContainers", "tolerations",
			"activeDeadlineSeconds", "terminationGracePeriodSeconds")}}
	case "PersistentVolumeClaim":
		return []immutable{{path: "spec", except: keys("resources", "volumeAttributesClassName")}}
	case "PersistentVolume":
		return []immutable{{path: "spec", except: keys("capacity", "accessModes", "claimRef", "mountOptions",
			"persistentVolumeReclaimPolicy", "volumeAttributesClassName", "nodeAffinity")}}
	case "StorageClass.storage.k8s.io":
		return paths("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")
	case "CSIDriver.storage.k8s.io":
		return paths("spec.attachRequired", "spec.volumeLifecycleModes")
	case "Service":
		return []immutable{{path: "spec.clusterIP", when: keepsAddress}, {path: "spec.type", when: toOrFromExternalName}}
	case "Secret":
		return append(paths("type"), data(func(s settings) bool { return s.mutableSecret })...)
	case "ConfigMap":
		return data(func(s settings) bool { return s.mutableConfigMap })
	case "RoleBinding.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io":
		return paths("roleRef")
	case "PriorityClass.scheduling.k8s.io":
		return paths("value", "preemptionPolicy")
	case "RuntimeClass.node.k8s.io":
		return paths("handler")
	case "IngressClass.networking.k8s.io":
		return paths("spec.controller")
	case "ResourceQuota":
		return paths("spec.scopes", "spec.scopeSelector")
	case "CustomResourceDefinition.apiextensions.k8s.io":
		return paths("spec.group", "spec.scope", "spec.names.kind", "spec.names.plural")
	}
	return nil
}

func paths(names ...string) []immutable {
	var out []immutable
	for _, name := range names {
		out = append(out, immutable{path: name})
	}
	return out
}

func keys(names ...resource.PropertyKey) []resource.PropertyKey { return names }

// data is what a ConfigMap or a Secret holds. Kubernetes lets it change unless
// the object says that it is immutable; the official provider replaces it
// unless its settings say that it may change.
func data(mutable func(settings) bool) []immutable {
	replace := func(old, new change) bool {
		return !mutable(new.settings) || isTrue(old.props["immutable"])
	}
	return []immutable{
		{path: "data", when: replace},
		{path: "stringData", when: replace},
		{path: "binaryData", when: replace},
		{path: "immutable", when: func(old, _ change) bool { return isTrue(old.props["immutable"]) }},
	}
}

func isTrue(v resource.PropertyValue) bool {
	v = reveal(v)
	return v.IsBool() && v.BoolValue()
}

// keepsAddress says that a Service had an address that it cannot lay down.
func keepsAddress(old, new change) bool {
	return old.at("spec", "clusterIP") != "" && new.at("spec", "type") != "ExternalName"
}

func toOrFromExternalName(old, new change) bool {
	return (old.at("spec", "type") == "ExternalName") != (new.at("spec", "type") == "ExternalName")
}

// changed says whether anything under the path differs; covers knows the
// exceptions.
func (i immutable) changed(old, new change) bool {
	if i.when != nil && !i.when(old, new) {
		return false
	}
	path, err := resource.ParsePropertyPath(i.path)
	if err != nil {
		return false
	}
	was, _ := path.Get(resource.NewProperty(old.props))
	is, _ := path.Get(resource.NewProperty(new.props))
	return was.Diff(is) != nil
}

// covers says whether a changed path (a property path as Pulumi writes it) lies
// in the immutable part, or holds it.
func (i immutable) covers(changed string) bool {
	own, err := resource.ParsePropertyPath(i.path)
	if err != nil {
		return false
	}
	path, err := resource.ParsePropertyPath(changed)
	if err != nil {
		return false
	}
	if !own.Contains(path) {
		return path.Contains(own)
	}
	if len(path) > len(own) {
		below, ok := path[len(own)].(string)
		return !ok || !slices.Contains(i.except, resource.PropertyKey(below))
	}
	return true
}
