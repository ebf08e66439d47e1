package kubernetes

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/checks/evidence"
)

// pageSize is how many objects are asked for at a time, as kubectl does.
const pageSize = 500

// all lists every object, page after page, so that never more than one page is
// held whole. What came before an error has been taken.
func all[L metav1.ListInterface](ctx context.Context, c *Collector, what string,
	page func(context.Context, metav1.ListOptions) (L, error), take func(L),
) error {
	options := metav1.ListOptions{Limit: pageSize}
	for {
		list, err := page(ctx, options)
		if err != nil {
			return c.problem("list "+what, err)
		}
		take(list)
		if options.Continue = list.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

// everywhere is all namespaces.
const everywhere = metav1.NamespaceAll

func named(o metav1.Object) evidence.KubeObject {
	return evidence.KubeObject{Namespace: o.GetNamespace(), Name: o.GetName()}
}

func selector(s *metav1.LabelSelector) evidence.KubeSelector {
	if s == nil {
		return evidence.KubeSelector{}
	}
	selected := evidence.KubeSelector{Labels: s.MatchLabels}
	for _, r := range s.MatchExpressions {
		selected.Requirements = append(selected.Requirements,
			evidence.KubeRequirement{Key: r.Key, Operator: string(r.Operator), Values: r.Values})
	}
	return selected
}

func controller(o metav1.Object) (kind, name string) {
	if owner := metav1.GetControllerOf(o); owner != nil {
		return owner.Kind, owner.Name
	}
	return "", ""
}

// value is what a pointer points to, or the other when there is nothing.
func value[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
