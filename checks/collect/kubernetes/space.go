package kubernetes

import (
	"context"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

func (c *Collector) spaces(ctx context.Context) ([]evidence.KubeNamespace, error) {
	found := []evidence.KubeNamespace{}
	err := all(ctx, c, "namespaces", c.typed.CoreV1().Namespaces().List, func(list *corev1.NamespaceList) {
		for _, n := range list.Items {
			kept := maps.Clone(n.Annotations)
			delete(kept, corev1.LastAppliedConfigAnnotation)
			found = append(found, evidence.KubeNamespace{
				Name: n.Name, Labels: n.Labels, Annotations: kept, Terminating: n.Status.Phase == corev1.NamespaceTerminating,
			})
		}
	})
	return found, err
}

func (c *Collector) quotas(ctx context.Context) ([]evidence.KubeQuota, error) {
	found := []evidence.KubeQuota{}
	err := all(ctx, c, "resourcequotas", c.typed.CoreV1().ResourceQuotas(everywhere).List, func(list *corev1.ResourceQuotaList) {
		for i := range list.Items {
			found = append(found, quota(&list.Items[i]))
		}
	})
	return found, err
}

func quota(q *corev1.ResourceQuota) evidence.KubeQuota {
	found := evidence.KubeQuota{KubeObject: named(q), Used: map[string]float64{}}
	for _, name := range slices.Sorted(maps.Keys(q.Spec.Hard)) {
		hard := q.Spec.Hard[name]
		used, counted := q.Status.Used[name]
		switch {
		case !counted:
			found.Unread = append(found.Unread, string(name))
		case hard.IsZero(): // none allowed: full as soon as there is one
			found.Used[string(name)] = 0
			if !used.IsZero() {
				found.Used[string(name)] = 1
			}
		default:
			found.Used[string(name)] = used.AsApproximateFloat64() / hard.AsApproximateFloat64()
		}
	}
	return found
}

func (c *Collector) limits(ctx context.Context) ([]evidence.KubeLimits, error) {
	found := []evidence.KubeLimits{}
	err := all(ctx, c, "limitranges", c.typed.CoreV1().LimitRanges(everywhere).List, func(list *corev1.LimitRangeList) {
		for i := range list.Items {
			l := evidence.KubeLimits{KubeObject: named(&list.Items[i])}
			for _, each := range list.Items[i].Spec.Limits {
				if each.Type == corev1.LimitTypeContainer {
					l.Defaults = append(l.Defaults, names(each.Default)...)
					l.Maxima = append(l.Maxima, names(each.Max)...)
				}
			}
			found = append(found, l)
		}
	})
	return found, err
}

func names(list corev1.ResourceList) []string {
	var sorted []string
	for _, name := range slices.Sorted(maps.Keys(list)) {
		sorted = append(sorted, string(name))
	}
	return sorted
}
