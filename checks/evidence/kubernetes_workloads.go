package evidence

import "time"

// KubeWorkload is a controller of pods.
type KubeWorkload struct {
	KubeObject
	// Kind is Deployment, StatefulSet, DaemonSet, CronJob or Job. The Jobs of a
	// CronJob have it as Owner.
	Kind     string            `json:"kind"`
	Owner    string            `json:"owner,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`
	Created  time.Time         `json:"created"`
	Template KubePodSpec       `json:"template"`
	// PodLabels are those of its pods.
	PodLabels map[string]string `json:"podLabels,omitempty"`
	// Desired, Ready, Updated and Available count pods.
	Desired   int `json:"desired"`
	Ready     int `json:"ready"`
	Updated   int `json:"updated"`
	Available int `json:"available"`
	// Observed is whether the controller has seen the newest description.
	Observed bool `json:"observed"`
	// Strategy is RollingUpdate, Recreate or OnDelete; MaxUnavailable is as it
	// is written: "0", "25%".
	Strategy       string `json:"strategy,omitempty"`
	MaxUnavailable string `json:"maxUnavailable,omitempty"`
	MaxSurge       string `json:"maxSurge,omitempty"`
	// History is revisionHistoryLimit, and Revision the number of the current
	// one, of a Deployment.
	History    int            `json:"history,omitempty"`
	Revision   int            `json:"revision,omitempty"`
	Suspended  bool           `json:"suspended,omitempty"`
	Conditions KubeConditions `json:"conditions,omitempty"`
}

// Serves tells whether it runs until someone ends it.
func (w KubeWorkload) Serves() bool { return w.Kind != "Job" && w.Kind != "CronJob" }

// KubeReplicaSet is one revision of a Deployment.
type KubeReplicaSet struct {
	KubeObject
	Deployment string `json:"deployment"`
	Revision   int    `json:"revision"`
}

// KubeAutoscaler is a HorizontalPodAutoscaler.
type KubeAutoscaler struct {
	KubeObject
	TargetKind string         `json:"targetKind"`
	Target     string         `json:"target"`
	Min        int            `json:"min"`
	Max        int            `json:"max"`
	Current    int            `json:"current"`
	Conditions KubeConditions `json:"conditions,omitempty"`
}

// KubeBudget is a PodDisruptionBudget.
type KubeBudget struct {
	KubeObject
	Selector KubeSelector `json:"selector"`
	// Allowed is how many pods may be disrupted now; Expected how many it
	// covers; Healthy and Needed how many of them are and must be.
	Allowed  int  `json:"allowed"`
	Expected int  `json:"expected"`
	Healthy  int  `json:"healthy"`
	Needed   int  `json:"needed"`
	Observed bool `json:"observed"`
}

// The queries of workloads.
var (
	KubernetesWorkloads = Define[[]KubeWorkload](Kubernetes, "workloads",
		"list deployments.apps", "list statefulsets.apps", "list daemonsets.apps", "list cronjobs.batch", "list jobs.batch")
	KubernetesReplicaSets = Define[[]KubeReplicaSet](Kubernetes, "replicasets", "list replicasets.apps")
	KubernetesAutoscalers = Define[[]KubeAutoscaler](Kubernetes, "autoscalers", "list horizontalpodautoscalers.autoscaling")
	KubernetesBudgets     = Define[[]KubeBudget](Kubernetes, "budgets", "list poddisruptionbudgets.policy")
)
