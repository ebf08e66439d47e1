package kubernetes

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"gatehouse/checks/evidence"
)

// versions lists the objects of a custom kind, in the first version of it that
// the cluster serves. T is what is read of an object.
func versions[T any](ctx context.Context, c *Collector, kind schema.GroupResource, served []string,
	take func(metav1.Object, T),
) error {
	var err error
	for _, version := range served {
		err = custom(ctx, c, kind.WithVersion(version), take)
		if err == nil || !unknown(err) {
			return err
		}
	}
	return evidence.Problem{
		Kind: evidence.Unsupported, Message: "list " + kind.String() + ": the cluster does not know this kind",
		Remedy: "install what brings it",
	}
}

func unknown(err error) bool {
	problems := evidence.Problems(err)
	return len(problems) == 1 && problems[0].Kind == evidence.Unsupported
}

func custom[T any](ctx context.Context, c *Collector, kind schema.GroupVersionResource, take func(metav1.Object, T)) error {
	var broken error
	list := func(ctx context.Context, o metav1.ListOptions) (*unstructured.UnstructuredList, error) {
		return c.dynamic.Resource(kind).List(ctx, o)
	}
	err := all(ctx, c, kind.GroupResource().String(), list, func(list *unstructured.UnstructuredList) {
		for i := range list.Items {
			var object T
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(list.Items[i].Object, &object); err != nil {
				broken = invalid("%s %s/%s cannot be understood: %v", list.Items[i].GetKind(), list.Items[i].GetNamespace(), list.Items[i].GetName(), err)
				continue
			}
			take(&list.Items[i], object)
		}
	})
	if err != nil {
		return err
	}
	return broken
}

// conditioned is the part of the status that custom resources have in common.
type conditioned struct {
	Conditions []metav1.Condition `json:"conditions"`
}

func (c conditioned) conditions() evidence.KubeConditions {
	var found evidence.KubeConditions
	for _, each := range c.Conditions {
		found = append(found, evidence.KubeCondition{
			Type: each.Type, Status: string(each.Status), Reason: each.Reason, Message: each.Message, Since: each.LastTransitionTime.Time,
		})
	}
	return found
}
