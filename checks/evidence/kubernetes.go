package evidence

import (
	"slices"
	"time"
)

// The evidence of a cluster. Types begin with Kube, and hold of each object only
// what decides something: thousands of pods must fit.

// KubeObject names an object.
type KubeObject struct {
	// Namespace is "" for what belongs to the whole cluster.
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

func (o KubeObject) String() string {
	if o.Namespace == "" {
		return o.Name
	}
	return o.Namespace + "/" + o.Name
}

// KubeSelector selects by labels, as LabelSelector does. The empty one selects
// everything.
type KubeSelector struct {
	Labels       map[string]string `json:"labels,omitempty"`
	Requirements []KubeRequirement `json:"requirements,omitempty"`
}

// KubeRequirement is one expression of a selector: In, NotIn, Exists or
// DoesNotExist.
type KubeRequirement struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values,omitempty"`
}

// Matches tells whether labels are selected.
func (s KubeSelector) Matches(labels map[string]string) bool {
	for key, value := range s.Labels {
		if has, ok := labels[key]; !ok || has != value {
			return false
		}
	}
	for _, r := range s.Requirements {
		value, has := labels[r.Key]
		in := has && slices.Contains(r.Values, value)
		switch r.Operator {
		case "In":
			if !in {
				return false
			}
		case "NotIn":
			if in {
				return false
			}
		case "Exists":
			if !has {
				return false
			}
		case "DoesNotExist":
			if has {
				return false
			}
		default: // what is not known selects nothing
			return false
		}
	}
	return true
}

// KubeCondition is a condition of an object.
type KubeCondition struct {
	Type    string    `json:"type"`
	Status  string    `json:"status"` // True, False or Unknown
	Reason  string    `json:"reason,omitempty"`
	Message string    `json:"message,omitempty"`
	Since   time.Time `json:"since,omitzero"`
}

// KubeConditions are those of one object.
type KubeConditions []KubeCondition

// Get returns a condition, or one of status "" when there is none.
func (c KubeConditions) Get(kind string) KubeCondition {
	for _, each := range c {
		if each.Type == kind {
			return each
		}
	}
	return KubeCondition{Type: kind}
}

// KubeVersion is what /version answers.
type KubeVersion struct {
	// Major and Minor are numbers: 1 and 34.
	Major int `json:"major"`
	Minor int `json:"minor"`
	// Git is the whole of it: v1.34.1-eks-1234.
	Git string `json:"git"`
}

// KubeNode is a node.
type KubeNode struct {
	Name string `json:"name"`
	// Zone is topology.kubernetes.io/zone, "" when it has none.
	Zone string `json:"zone,omitempty"`
	// ControlPlane is whether it is one of the cluster's own masters.
	ControlPlane bool `json:"controlPlane,omitempty"`
	// Spot is whether the cloud may take it back.
	Spot          bool           `json:"spot,omitempty"`
	Unschedulable bool           `json:"unschedulable,omitempty"`
	Kubelet       string         `json:"kubelet"`
	Conditions    KubeConditions `json:"conditions"`
}

// The queries of the cluster itself.
var (
	KubernetesVersion = Define[KubeVersion](Kubernetes, "version", "get /version")
	KubernetesNodes   = Define[[]KubeNode](Kubernetes, "nodes", "list nodes")
)
