package kubernetes

import (
	"context"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"

	"gatehouse/checks/evidence"
)

func (c *Collector) replicaSets(ctx context.Context) ([]evidence.KubeReplicaSet, error) {
	found := []evidence.KubeReplicaSet{}
	err := all(ctx, c, "replicasets.apps", c.typed.AppsV1().ReplicaSets(everywhere).List, func(list *appsv1.ReplicaSetList) {
		for i := range list.Items {
			s := &list.Items[i]
			if kind, owner := controller(s); kind == "Deployment" {
				number, _ := strconv.Atoi(s.Annotations[revision])
				found = append(found, evidence.KubeReplicaSet{KubeObject: named(s), Deployment: owner, Revision: number})
			}
		}
	})
	return found, err
}

func (c *Collector) autoscalers(ctx context.Context) ([]evidence.KubeAutoscaler, error) {
	found := []evidence.KubeAutoscaler{}
	list := c.typed.AutoscalingV2().HorizontalPodAutoscalers(everywhere).List
	err := all(ctx, c, "horizontalpodautoscalers.autoscaling", list, func(list *autoscalingv2.HorizontalPodAutoscalerList) {
		for i := range list.Items {
			h := &list.Items[i]
			a := evidence.KubeAutoscaler{
				KubeObject: named(h), TargetKind: h.Spec.ScaleTargetRef.Kind, Target: h.Spec.ScaleTargetRef.Name,
				Min: int(value(h.Spec.MinReplicas, 1)), Max: int(h.Spec.MaxReplicas), Current: int(h.Status.CurrentReplicas),
			}
			for _, each := range h.Status.Conditions {
				a.Conditions = append(a.Conditions, evidence.KubeCondition{
					Type: string(each.Type), Status: string(each.Status), Reason: each.Reason, Message: each.Message, Since: each.LastTransitionTime.Time,
				})
			}
			found = append(found, a)
		}
	})
	return found, err
}

func (c *Collector) budgets(ctx context.Context) ([]evidence.KubeBudget, error) {
	found := []evidence.KubeBudget{}
	list := c.typed.PolicyV1().PodDisruptionBudgets(everywhere).List
	err := all(ctx, c, "poddisruptionbudgets.policy", list, func(list *policyv1.PodDisruptionBudgetList) {
		for i := range list.Items {
			b := &list.Items[i]
			found = append(found, evidence.KubeBudget{
				KubeObject: named(b), Selector: selector(b.Spec.Selector),
				Allowed: int(b.Status.DisruptionsAllowed), Expected: int(b.Status.ExpectedPods),
				Healthy: int(b.Status.CurrentHealthy), Needed: int(b.Status.DesiredHealthy),
				Observed: b.Status.ObservedGeneration >= b.Generation,
			})
		}
	})
	return found, err
}
