package kubernetes

import (
	"context"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

// inPortal lists something in each of the portal's namespaces.
func inPortal[T any](c *Collector, what string, list func(namespace string, take func(T)) error) ([]T, error) {
	if len(c.namespaces) == 0 {
		return []T{}, evidence.Problem{
			Kind: evidence.NotConfigured, Message: what + ": nobody said which namespaces are the portal's",
			Remedy: "name them in targets.yaml, under namespaces",
		}
	}
	var lists []func(take func(T)) error
	for _, namespace := range c.namespaces {
		lists = append(lists, func(take func(T)) error { return list(namespace, take) })
	}
	return together(lists...)
}

func (c *Collector) secrets(ctx context.Context) ([]evidence.KubeSecret, error) {
	return inPortal(c, "list secrets", func(namespace string, take func(evidence.KubeSecret)) error {
		what := "secrets in namespace " + namespace
		return all(ctx, c, what, c.typed.CoreV1().Secrets(namespace).List, func(list *corev1.SecretList) {
			for i := range list.Items {
				s := &list.Items[i]
				take(evidence.KubeSecret{KubeObject: named(s), Type: string(s.Type), Keys: keys(s.Data)})
			}
		})
	})
}

func (c *Collector) configMaps(ctx context.Context) ([]evidence.KubeConfigMap, error) {
	return inPortal(c, "list configmaps", func(namespace string, take func(evidence.KubeConfigMap)) error {
		what := "configmaps in namespace " + namespace
		return all(ctx, c, what, c.typed.CoreV1().ConfigMaps(namespace).List, func(list *corev1.ConfigMapList) {
			for i := range list.Items {
				m := &list.Items[i]
				take(evidence.KubeConfigMap{KubeObject: named(m), Keys: append(keys(m.Data), keys(m.BinaryData)...)})
			}
		})
	})
}

// keys say of values what may be said of them.
func keys[V string | []byte](data map[string]V) []evidence.KubeKey {
	found := []evidence.KubeKey{}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		found = append(found, evidence.KubeKey{
			Name: name, Empty: len(data[name]) == 0, Placeholder: placeholder(string(data[name])),
		})
	}
	return found
}
