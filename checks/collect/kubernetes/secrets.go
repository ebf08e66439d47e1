package kubernetes

import (
	"context"
	"errors"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

// inPortal does something in each of the portal's namespaces.
func (c *Collector) inPortal(what string, do func(namespace string) error) error {
	if len(c.namespaces) == 0 {
		return evidence.Problem{
			Kind: evidence.NotConfigured, Message: what + ": nobody said which namespaces are the portal's",
			Remedy: "name them in targets.yaml, under namespaces",
		}
	}
	var all []error
	for _, namespace := range c.namespaces {
		all = append(all, do(namespace))
	}
	return errors.Join(all...)
}

func (c *Collector) secrets(ctx context.Context) ([]evidence.KubeSecret, error) {
	found := []evidence.KubeSecret{}
	err := c.inPortal("list secrets", func(namespace string) error {
		what := "secrets in namespace " + namespace
		return all(ctx, c, what, c.typed.CoreV1().Secrets(namespace).List, func(list *corev1.SecretList) {
			for i := range list.Items {
				s := &list.Items[i]
				found = append(found, evidence.KubeSecret{KubeObject: named(s), Type: string(s.Type), Keys: keys(s.Data)})
			}
		})
	})
	return found, err
}

func (c *Collector) configMaps(ctx context.Context) ([]evidence.KubeConfigMap, error) {
	found := []evidence.KubeConfigMap{}
	err := c.inPortal("list configmaps", func(namespace string) error {
		what := "configmaps in namespace " + namespace
		return all(ctx, c, what, c.typed.CoreV1().ConfigMaps(namespace).List, func(list *corev1.ConfigMapList) {
			for i := range list.Items {
				m := &list.Items[i]
				found = append(found, evidence.KubeConfigMap{KubeObject: named(m), Keys: append(keys(m.Data), keys(m.BinaryData)...)})
			}
		})
	})
	return found, err
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
