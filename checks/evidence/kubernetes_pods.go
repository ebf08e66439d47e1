package evidence

import "time"

// KubePodSpec is what a pod, or a template of pods, asks for.
type KubePodSpec struct {
	ServiceAccount string `json:"serviceAccount,omitempty"`
	// Token is automountServiceAccountToken; nil leaves it to the account.
	Token       *bool           `json:"token,omitempty"`
	HostNetwork bool            `json:"hostNetwork,omitempty"`
	HostPID     bool            `json:"hostPID,omitempty"`
	HostIPC     bool            `json:"hostIPC,omitempty"`
	HostPaths   []string        `json:"hostPaths,omitempty"`
	Containers  []KubeContainer `json:"containers"`
	// References are the ConfigMaps, Secrets and claims without which it does
	// not start. It is empty for pods that a controller made: see its template.
	References []KubeReference `json:"references,omitempty"`
}

// KubeRole is what a container is in its pod.
type KubeRole string

// The roles. A sidecar is an init container that stays.
const (
	KubeMain    KubeRole = "container"
	KubeInit    KubeRole = "init container"
	KubeSidecar KubeRole = "sidecar"
)

// KubeContainer is a container of a pod. Amounts are quantities as Kubernetes
// writes them, "" when nothing is said.
type KubeContainer struct {
	Name          string   `json:"name"`
	Role          KubeRole `json:"role"`
	Image         string   `json:"image"`
	CPURequest    string   `json:"cpuRequest,omitempty"`
	MemoryRequest string   `json:"memoryRequest,omitempty"`
	CPULimit      string   `json:"cpuLimit,omitempty"`
	MemoryLimit   string   `json:"memoryLimit,omitempty"`
	// Liveness and Readiness are whether it has the probe.
	Liveness  bool `json:"liveness,omitempty"`
	Readiness bool `json:"readiness,omitempty"`
	// Privileged, Escalates and Root are what it may do or be, after the pod's
	// own security context: Escalates unless forbidden, Root unless refused.
	Privileged bool `json:"privileged,omitempty"`
	Escalates  bool `json:"escalates,omitempty"`
	Root       bool `json:"root,omitempty"`
	// NetworkPolicies is the argument --enable-network-policy, "" without it: how
	// the agent of Amazon's network plugin is told to enforce.
	NetworkPolicies string `json:"networkPolicies,omitempty"`
	// Capabilities are those that are added.
	Capabilities []string `json:"capabilities,omitempty"`
	// Env is empty for pods that a controller made: see its template.
	Env []KubeEnv `json:"env,omitempty"`
	// SecretSets are the Secrets whose every key becomes a variable.
	SecretSets []string `json:"secretSets,omitempty"`
	// ConfigSets are the ConfigMaps whose every key becomes a variable.
	ConfigSets []string `json:"configSets,omitempty"`
}

// KubeEnv is a variable of a container. A value is kept only for the names that
// the guides give (NODE_ENV and the like) and none of which is a secret.
type KubeEnv struct {
	Name string `json:"name"`
	// Literal is whether the value stands in the pod's description itself.
	Literal bool `json:"literal,omitempty"`
	// Empty and Placeholder describe a literal value.
	Empty       bool `json:"empty,omitempty"`
	Placeholder bool `json:"placeholder,omitempty"`
	// Credential says what a literal value looks like: "a private key", "" when
	// it looks like no secret.
	Credential string `json:"credential,omitempty"`
	Value      string `json:"value,omitempty"`
	// Secret is where it comes from, as NAME/KEY.
	Secret string `json:"secret,omitempty"`
}

// KubeReference is an object of its namespace that a pod needs.
type KubeReference struct {
	// Kind is ConfigMap, Secret or PersistentVolumeClaim.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Key is "" for the whole object.
	Key string `json:"key,omitempty"`
}

// KubePod is a pod that has not ended: neither Succeeded nor Failed.
type KubePod struct {
	KubeObject
	// Owner is its controller's kind and name, "" when it has none.
	OwnerKind string            `json:"ownerKind,omitempty"`
	Owner     string            `json:"owner,omitempty"`
	Labels    map[string]string `json:"labels,omitempty"`
	// Ambient is whether the mesh's node proxy takes its traffic; Excluded are
	// the annotations that lead traffic past its sidecar.
	Ambient  bool     `json:"ambient,omitempty"`
	Excluded []string `json:"excluded,omitempty"`
	Phase    string   `json:"phase"`
	Ready    bool     `json:"ready,omitempty"`
	// Ending is whether it has been told to end.
	Ending  bool      `json:"ending,omitempty"`
	Created time.Time `json:"created"`
	// Restarts is the highest count of one of its containers, and Restarted
	// when the last one was.
	Restarts  int       `json:"restarts,omitempty"`
	Restarted time.Time `json:"restarted,omitzero"`
	// Waiting is why a container does not run: CrashLoopBackOff.
	Waiting string      `json:"waiting,omitempty"`
	Spec    KubePodSpec `json:"spec"`
}

// KubernetesPods are the pods of all namespaces.
var KubernetesPods = Define[[]KubePod](Kubernetes, "pods", "list pods")
