package release

// The parts that the values of many charts share, in Kubernetes' own words.

// Resources are what a container asks for and may use at most, as Kubernetes
// quantities.
type Resources struct {
	Requests Quantities `json:"requests"`
	Limits   Quantities `json:"limits"`
}

// Quantities are amounts of the two resources, e.g. "100m" and "128Mi".
type Quantities struct {
	CPU    string `json:"cpu"`
	Memory string `json:"memory"`
}

// Spread is a topology spread constraint.
type Spread struct {
	MaxSkew           int      `json:"maxSkew"`
	TopologyKey       string   `json:"topologyKey"`
	WhenUnsatisfiable string   `json:"whenUnsatisfiable"`
	LabelSelector     Selector `json:"labelSelector"`
}

// Selector selects pods by labels.
type Selector struct {
	MatchLabels map[string]string `json:"matchLabels"`
}

// OverZones spreads the pods with these labels evenly over zones, and over the
// nodes in them. It is a wish: after the loss of a zone, pods may crowd in the
// others rather than wait.
func OverZones(labels map[string]string) []Spread {
	var spreads []Spread
	for _, key := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
		spreads = append(spreads, Spread{
			MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: Selector{MatchLabels: labels},
		})
	}
	return spreads
}

// PodSecurity is a pod's security context as the restricted Pod Security
// Standard asks.
type PodSecurity struct {
	RunAsNonRoot   bool    `json:"runAsNonRoot"`
	RunAsUser      int     `json:"runAsUser,omitempty"`
	RunAsGroup     int     `json:"runAsGroup,omitempty"`
	FSGroup        int     `json:"fsGroup,omitempty"`
	SeccompProfile Profile `json:"seccompProfile"`
}

// Profile is a seccomp profile.
type Profile struct {
	Type string `json:"type"`
}

// ContainerSecurity is a container's security context as the restricted Pod
// Security Standard asks.
type ContainerSecurity struct {
	AllowPrivilegeEscalation bool         `json:"allowPrivilegeEscalation"`
	ReadOnlyRootFilesystem   bool         `json:"readOnlyRootFilesystem"`
	Capabilities             Capabilities `json:"capabilities"`
}

// Capabilities are what a container drops.
type Capabilities struct {
	Drop []string `json:"drop"`
}

// RestrictedPod is the context of a pod that runs as this user.
func RestrictedPod(user int) PodSecurity {
	return PodSecurity{RunAsNonRoot: true, RunAsUser: user, RunAsGroup: user, FSGroup: user, SeccompProfile: Profile{Type: "RuntimeDefault"}}
}

// RestrictedContainer may do nothing that a process needs no privilege for.
func RestrictedContainer() ContainerSecurity {
	return ContainerSecurity{ReadOnlyRootFilesystem: true, Capabilities: Capabilities{Drop: []string{"ALL"}}}
}

// RoleAnnotation is the annotation of a service account whose pods take an IAM
// role (IAM roles for service accounts).
const RoleAnnotation = "eks.amazonaws.com/role-arn"
