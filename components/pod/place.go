package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Place is which nodes a pod runs on.
type Place string

// The places.
const (
	// Apps is the pool of applications, and the default.
	Apps Place = ""
	// System is the pool of what the cluster itself needs.
	System Place = "system"
	// Build is spare capacity that AWS may take back at two minutes' notice
	// (deployment guide, "Use Spot Instances for Build Jobs"): for plugin and
	// build work, never for backups.
	Build Place = "build"
	// Anywhere leaves the choice to the scheduler.
	Anywhere Place = "anywhere"
)

// selector is by the labels that the node groups carry.
func (p Place) selector() map[string]string {
	switch p {
	case Apps:
		return map[string]string{"gatehouse/pool": "apps"}
	case System:
		return map[string]string{"gatehouse/pool": "system"}
	case Build:
		return map[string]string{"node.kubernetes.io/lifecycle": "spot"}
	default:
		return nil
	}
}

func (p Place) tolerations() corev1.TolerationArray {
	if p != Build {
		return nil
	}
	return corev1.TolerationArray{corev1.TolerationArgs{
		Key: pulumi.String("spot"), Operator: pulumi.String("Equal"), Value: pulumi.String("true"), Effect: pulumi.String("NoSchedule"),
	}}
}

// spread keeps the pods of one revision apart. It wishes and does not demand:
// one scaling group spans the zones, so the autoscaler cannot be made to add a
// node in the zone that a demand would wait for, and a lost zone must not keep
// the pods of the others from starting.
func spread(labels map[string]string) corev1.TopologySpreadConstraintArray {
	var constraints corev1.TopologySpreadConstraintArray
	for _, key := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
		constraints = append(constraints, corev1.TopologySpreadConstraintArgs{
			TopologyKey: pulumi.String(key), MaxSkew: pulumi.Int(1), WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
			LabelSelector:    metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(labels)},
			NodeTaintsPolicy: pulumi.String("Honor"),
			// Else the old revision's pods push the new ones together.
			MatchLabelKeys: pulumi.ToStringArray([]string{"pod-template-hash"}),
		})
	}
	return constraints
}
