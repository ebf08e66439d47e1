package evidence

// KubeNetworkPolicy is a NetworkPolicy: which pods it fences, in which
// directions.
type KubeNetworkPolicy struct {
	KubeObject
	Pods    KubeSelector `json:"pods"`
	Ingress bool         `json:"ingress,omitempty"`
	Egress  bool         `json:"egress,omitempty"`
	// OpenIngress and OpenEgress are whether a rule of it lets everything
	// through in that direction: any peer at any port.
	OpenIngress bool `json:"openIngress,omitempty"`
	OpenEgress  bool `json:"openEgress,omitempty"`
}

// KubeService is a Service and how many endpoints of it are ready.
type KubeService struct {
	KubeObject
	Type string `json:"type"`
	// Endpoints counts those that are ready, over its EndpointSlices.
	Endpoints int `json:"endpoints"`
}

// KubeIngress is an Ingress.
type KubeIngress struct {
	KubeObject
	Class string `json:"class,omitempty"`
	// Address is the first that its controller has given it.
	Address string `json:"address,omitempty"`
	// Hosts are those of its rules, Secured those that TLS covers. Wildcards
	// are as they are written.
	Hosts   []string `json:"hosts,omitempty"`
	Secured []string `json:"secured,omitempty"`
	// Services are the backends, by name.
	Services []string `json:"services"`
}

// The queries of the network.
var (
	KubernetesNetworkPolicies = Define[[]KubeNetworkPolicy](Kubernetes, "networkpolicies", "list networkpolicies.networking.k8s.io")
	KubernetesServices        = Define[[]KubeService](Kubernetes, "services", "list services", "list endpointslices.discovery.k8s.io")
	KubernetesIngresses       = Define[[]KubeIngress](Kubernetes, "ingresses", "list ingresses.networking.k8s.io")
)
