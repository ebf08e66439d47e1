package evidence

import "time"

// KubeNamespace is a namespace.
type KubeNamespace struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Terminating bool              `json:"terminating,omitempty"`
}

// KubeQuota is a ResourceQuota.
type KubeQuota struct {
	KubeObject
	// Used is, of each resource that is bounded, the share in use: 0.5 is half.
	Used map[string]float64 `json:"used"`
	// Unread are resources whose use the cluster has not counted yet.
	Unread []string `json:"unread,omitempty"`
}

// KubeLimits is a LimitRange, as far as it is about containers.
type KubeLimits struct {
	KubeObject
	// Defaults are the resources that a container gets a limit of by default,
	// Maxima those that it may not exceed.
	Defaults []string `json:"defaults,omitempty"`
	Maxima   []string `json:"maxima,omitempty"`
}

// KubeStorageClass is a StorageClass.
type KubeStorageClass struct {
	Name        string            `json:"name"`
	Default     bool              `json:"default,omitempty"`
	Provisioner string            `json:"provisioner"`
	Parameters  map[string]string `json:"parameters,omitempty"`
	Mounts      []string          `json:"mounts,omitempty"`
	Expands     bool              `json:"expands,omitempty"`
	// Binding is Immediate or WaitForFirstConsumer.
	Binding string `json:"binding"`
	Reclaim string `json:"reclaim"`
}

// KubeClaim is a PersistentVolumeClaim.
type KubeClaim struct {
	KubeObject
	Class  string `json:"class,omitempty"`
	Phase  string `json:"phase"`
	Volume string `json:"volume,omitempty"`
}

// KubeSecret is a Secret without its values.
type KubeSecret struct {
	KubeObject
	Type string    `json:"type"`
	Keys []KubeKey `json:"keys"`
}

// KubeKey is a key of a Secret or ConfigMap.
type KubeKey struct {
	Name string `json:"name"`
	// Empty and Placeholder describe the value, which is not kept.
	Empty       bool `json:"empty,omitempty"`
	Placeholder bool `json:"placeholder,omitempty"`
}

// KubeConfigMap is a ConfigMap without its values.
type KubeConfigMap struct {
	KubeObject
	Keys []KubeKey `json:"keys"`
}

// KubeTask is what the keeper tells of a backup or drill that has run.
type KubeTask struct {
	// Name is database, configuration, base or drill.
	Name      string    `json:"name"`
	Succeeded bool      `json:"succeeded"`
	Finished  time.Time `json:"finished"`
	Error     string    `json:"error,omitempty"`
}

// KubeBackups are the ConfigMaps backup-status: where the keeper leaves what the
// last run of each task gave.
type KubeBackups struct {
	// Found are the ConfigMaps.
	Found []KubeObject `json:"found"`
	Tasks []KubeTask   `json:"tasks"`
}

// The queries of namespaces and what they hold. Secrets and ConfigMaps are read
// in the portal's namespaces only.
var (
	KubernetesNamespaces     = Define[[]KubeNamespace](Kubernetes, "namespaces", "list namespaces")
	KubernetesQuotas         = Define[[]KubeQuota](Kubernetes, "quotas", "list resourcequotas")
	KubernetesLimits         = Define[[]KubeLimits](Kubernetes, "limits", "list limitranges")
	KubernetesStorageClasses = Define[[]KubeStorageClass](Kubernetes, "storageclasses", "list storageclasses.storage.k8s.io")
	KubernetesClaims         = Define[[]KubeClaim](Kubernetes, "claims", "list persistentvolumeclaims")
	KubernetesSecrets        = Define[[]KubeSecret](Kubernetes, "secrets", "list secrets in the portal's namespaces")
	KubernetesConfigMaps     = Define[[]KubeConfigMap](Kubernetes, "configmaps", "list configmaps in the portal's namespaces")
	KubernetesBackups        = Define[KubeBackups](Kubernetes, "backups", "get configmaps in the portal's namespaces")
)
