package evidence

import "time"

// KubeCertificate is a Certificate of cert-manager.
type KubeCertificate struct {
	KubeObject
	Secret     string         `json:"secret"`
	Hosts      []string       `json:"hosts,omitempty"`
	NotAfter   time.Time      `json:"notAfter,omitzero"`
	Renewal    time.Time      `json:"renewal,omitzero"`
	Conditions KubeConditions `json:"conditions,omitempty"`
}

// KubeExternalSecret is an ExternalSecret.
type KubeExternalSecret struct {
	KubeObject
	Store string `json:"store"`
	// Interval is how often it is refreshed, Refreshed when it last was.
	// Interval 0 means once.
	Interval   time.Duration  `json:"interval"`
	Refreshed  time.Time      `json:"refreshed,omitzero"`
	Conditions KubeConditions `json:"conditions,omitempty"`
}

// KubeSecretStore is a SecretStore or, without a namespace, a
// ClusterSecretStore.
type KubeSecretStore struct {
	KubeObject
	// Provider is aws, vault, …
	Provider   string         `json:"provider"`
	Conditions KubeConditions `json:"conditions,omitempty"`
}

// KubePeerAuthentication is a PeerAuthentication of Istio.
type KubePeerAuthentication struct {
	KubeObject
	// Pods are those that it is about; nil means all of the namespace, and all
	// of the mesh in the mesh's root namespace.
	Pods *KubeSelector `json:"pods,omitempty"`
	// Mode is STRICT, PERMISSIVE, DISABLE, or "" to inherit.
	Mode string `json:"mode,omitempty"`
	// Ports are the modes of single ports.
	Ports map[string]string `json:"ports,omitempty"`
}

// KubeDestinationRule is a DestinationRule of Istio, as far as it is about TLS.
type KubeDestinationRule struct {
	KubeObject
	Host string `json:"host"`
	// Modes are the TLS modes that it sets anywhere: the rule itself, its ports
	// and its subsets.
	Modes []string `json:"modes,omitempty"`
}

// The queries of custom resources. A kind that the cluster does not know is the
// problem [Unsupported].
var (
	KubernetesCertificates    = Define[[]KubeCertificate](Kubernetes, "certificates", "list certificates.cert-manager.io")
	KubernetesExternalSecrets = Define[[]KubeExternalSecret](Kubernetes, "externalsecrets", "list externalsecrets.external-secrets.io")
	KubernetesSecretStores    = Define[[]KubeSecretStore](Kubernetes, "secretstores",
		"list secretstores.external-secrets.io", "list clustersecretstores.external-secrets.io")
	KubernetesPeerAuthentications = Define[[]KubePeerAuthentication](Kubernetes, "peerauthentications",
		"list peerauthentications.security.istio.io")
	KubernetesDestinationRules = Define[[]KubeDestinationRule](Kubernetes, "destinationrules",
		"list destinationrules.networking.istio.io")
)
