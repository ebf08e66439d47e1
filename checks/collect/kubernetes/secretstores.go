package kubernetes

import (
	"context"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"gatehouse/checks/evidence"
)

const externalSecretsGroup = "external-secrets.io"

// The versions of External Secrets, the newest first.
var externalSecretsVersions = []string{"v1", "v1beta1"}

type externalSecret struct {
	Spec struct {
		RefreshInterval *metav1.Duration `json:"refreshInterval"`
		Store           struct {
			Name string `json:"name"`
		} `json:"secretStoreRef"`
	} `json:"spec"`
	Status struct {
		conditioned `json:",inline"`
		RefreshTime metav1.Time `json:"refreshTime"`
	} `json:"status"`
}

func (c *Collector) externalSecrets(ctx context.Context) ([]evidence.KubeExternalSecret, error) {
	found := []evidence.KubeExternalSecret{}
	kind := schema.GroupResource{Group: externalSecretsGroup, Resource: "externalsecrets"}
	err := versions(ctx, c, kind, externalSecretsVersions, func(o metav1.Object, s externalSecret) {
		k := evidence.KubeExternalSecret{
			KubeObject: named(o), Store: s.Spec.Store.Name, Refreshed: s.Status.RefreshTime.Time, Conditions: s.Status.conditions(),
		}
		k.Interval = value(s.Spec.RefreshInterval, metav1.Duration{}).Duration
		found = append(found, k)
	})
	return found, err
}

type secretStore struct {
	Spec struct {
		Provider map[string]any `json:"provider"`
	} `json:"spec"`
	Status conditioned `json:"status"`
}

func (c *Collector) secretStores(ctx context.Context) ([]evidence.KubeSecretStore, error) {
	list := func(resource string) func(take func(evidence.KubeSecretStore)) error {
		return func(take func(evidence.KubeSecretStore)) error {
			kind := schema.GroupResource{Group: externalSecretsGroup, Resource: resource}
			return versions(ctx, c, kind, externalSecretsVersions, func(o metav1.Object, s secretStore) {
				k := evidence.KubeSecretStore{KubeObject: named(o), Conditions: s.Status.conditions()}
				if names := slices.Sorted(maps.Keys(s.Spec.Provider)); len(names) > 0 {
					k.Provider = names[0]
				}
				take(k)
			})
		}
	}
	return together(list("clustersecretstores"), list("secretstores"))
}
