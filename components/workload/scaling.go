package workload

import (
	"fmt"

	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Replicas is how many pods a workload has.
type Replicas struct {
	// Min is the least number; 1 when 0.
	Min int
	// Max is the most that the autoscaler makes; Min when 0, which means no
	// autoscaler.
	Max int
	// CPUTarget is the share of the requested CPU, in percent, that the
	// autoscaler keeps the pods at; 70 when 0 (deployment guide, "Auto-scaling
	// Configuration").
	CPUTarget int
}

func (r Replicas) withDefaults() Replicas {
	if r.Min == 0 {
		r.Min = 1
	}
	if r.Max == 0 {
		r.Max = r.Min
	}
	if r.CPUTarget == 0 {
		r.CPUTarget = 70
	}
	return r
}

func (r Replicas) check() error {
	if r.Min < 1 || r.Max < r.Min {
		return fmt.Errorf("run at least 1 replica and at most no fewer: not %d to %d", r.Min, r.Max)
	}
	if r.CPUTarget < 1 || r.CPUTarget > 100 {
		return fmt.Errorf("keep the CPU at 1 to 100 percent of what is requested, not %d", r.CPUTarget)
	}
	return nil
}

// scaled tells whether an autoscaler owns the number.
func (r Replicas) scaled() bool { return r.Max > r.Min }

// newAutoscaler doubles the pods within a minute of a rush, and takes one a
// minute away once five minutes of less load have passed.
func newAutoscaler(ctx *pulumi.Context, name string, args Args, slot Slot, opts ...pulumi.ResourceOption) error {
	if !args.Replicas.scaled() {
		return nil
	}
	rule := func(kind string, value, seconds int) autoscalingv2.HPAScalingPolicyArgs {
		return autoscalingv2.HPAScalingPolicyArgs{
			Type: pulumi.String(kind), Value: pulumi.Int(value), PeriodSeconds: pulumi.Int(seconds),
		}
	}
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(ctx, name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: args.metadata(slot.suffix()),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: pulumi.String(args.Name + slot.suffix()),
			},
			MinReplicas: pulumi.Int(args.Replicas.Min), MaxReplicas: pulumi.Int(args.Replicas.Max),
			Metrics: autoscalingv2.MetricSpecArray{autoscalingv2.MetricSpecArgs{
				Type: pulumi.String("Resource"),
				Resource: autoscalingv2.ResourceMetricSourceArgs{
					Name:   pulumi.String("cpu"),
					Target: autoscalingv2.MetricTargetArgs{Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(args.Replicas.CPUTarget)},
				},
			}},
			Behavior: autoscalingv2.HorizontalPodAutoscalerBehaviorArgs{
				ScaleUp: autoscalingv2.HPAScalingRulesArgs{
					StabilizationWindowSeconds: pulumi.Int(0), SelectPolicy: pulumi.String("Max"),
					Policies: autoscalingv2.HPAScalingPolicyArray{rule("Percent", 100, 60), rule("Pods", 2, 60)},
				},
				ScaleDown: autoscalingv2.HPAScalingRulesArgs{
					StabilizationWindowSeconds: pulumi.Int(300), SelectPolicy: pulumi.String("Max"),
					Policies: autoscalingv2.HPAScalingPolicyArray{rule("Pods", 1, 60)},
				},
			},
		},
	}, opts...)
	return err
}

// newBudget lets nodes be drained one pod of the workload at a time. It never
// blocks a drain: a pod that is not ready anyway may always go, and so may the
// only one.
func newBudget(ctx *pulumi.Context, name string, args Args, slot Slot, opts ...pulumi.ResourceOption) error {
	_, err := policyv1.NewPodDisruptionBudget(ctx, name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: args.metadata(slot.suffix()),
		Spec: policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(1), UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
			Selector: metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(args.selects(slot))},
		},
	}, opts...)
	return err
}
