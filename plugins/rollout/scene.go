package rollout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// revision numbers ReplicaSets; the Deployment has that of its newest.
const revision = "deployment.kubernetes.io/revision"

// scene is what there is of one Deployment at one time.
type scene struct {
	deployment *apps.Deployment
	// newest is the ReplicaSet of its template as it is now, nil until its controller
	// has seen that template and made it: the one before says nothing of it.
	newest *apps.ReplicaSet
	// fresh are newest's pods, old are those of the others, by name; without those
	// that are ending.
	fresh, old []core.Pod
	// ended are newest's pods whose containers have all ended.
	ended []core.Pod
}

func (p Portal) scene(ctx context.Context, name string) (*scene, error) {
	d, err := p.deployment(ctx, name)
	if err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsSelector(d.Spec.Selector)
	if err != nil {
		return nil, fmt.Errorf("read the selector of Deployment %s/%s: %w", p.Namespace, name, err)
	}
	options := metav1.ListOptions{LabelSelector: selector.String()}
	sets, err := p.Client.AppsV1().ReplicaSets(p.Namespace).List(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("list the ReplicaSets of Deployment %s/%s: %w", p.Namespace, name, err)
	}
	pods, err := p.Client.CoreV1().Pods(p.Namespace).List(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("list the pods of Deployment %s/%s: %w", p.Namespace, name, err)
	}
	return p.arrange(d, sets.Items, pods.Items), nil
}

func (p Portal) arrange(d *apps.Deployment, sets []apps.ReplicaSet, pods []core.Pod) *scene {
	s := &scene{deployment: d}
	own := map[types.UID]bool{}
	for i, set := range sets {
		if !metav1.IsControlledBy(&set, d) {
			continue
		}
		own[set.UID] = true
		if s.seen() && set.Annotations[revision] == d.Annotations[revision] && made(set, d) {
			s.newest = &sets[i]
		}
	}
	for _, pod := range pods {
		owner := metav1.GetControllerOf(&pod)
		if owner == nil || !own[owner.UID] || pod.DeletionTimestamp != nil {
			continue
		}
		fresh, ended := s.newest != nil && owner.UID == s.newest.UID, finished(pod)
		switch {
		case fresh && ended:
			s.ended = append(s.ended, pod)
		case fresh:
			s.fresh = append(s.fresh, pod)
		case !ended:
			s.old = append(s.old, pod)
		}
	}
	for _, each := range [][]core.Pod{s.fresh, s.old, s.ended} {
		slices.SortFunc(each, func(a, b core.Pod) int { return strings.Compare(a.Name, b.Name) })
	}
	return s
}

// made tells whether a ReplicaSet has the template of its Deployment, as the
// Deployment's controller does. One that is scaled or paused as its template changes is
// said to be seen while its revision is the one before.
func made(set apps.ReplicaSet, d *apps.Deployment) bool {
	template := set.Spec.Template.DeepCopy()
	delete(template.Labels, apps.DefaultDeploymentUniqueLabelKey)
	return equality.Semantic.DeepEqual(*template, d.Spec.Template)
}

func finished(pod core.Pod) bool {
	return pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
}

// missing says what is missing until the newest pods have taken over, "" when they
// have.
func (s *scene) missing() (string, error) {
	want := 1
	if s.deployment.Spec.Replicas != nil {
		want = int(*s.deployment.Spec.Replicas)
	}
	said := s.behind(want)
	switch {
	case want == 0:
		return "", ErrNoReplicas
	case said != "" && s.deployment.Spec.Paused && s.seen():
		return "", errPaused
	case said == "":
		return "", nil
	}
	for _, pod := range s.fresh {
		if !ready(pod) {
			said += "; pod " + pod.Name + ": " + tidy(state(pod))
		}
	}
	return said, nil
}

// seen tells whether the Deployment's controller knows what is wanted now.
func (s *scene) seen() bool {
	return s.deployment.Status.ObservedGeneration >= s.deployment.Generation
}

func (s *scene) behind(want int) string {
	status := s.deployment.Status
	old := max(int(status.Replicas-status.UpdatedReplicas), len(s.old))
	available := min(int(status.AvailableReplicas), len(slices.DeleteFunc(slices.Clone(s.fresh), func(pod core.Pod) bool { return !ready(pod) })))
	switch {
	case !s.seen():
		return "its controller has not seen the change"
	case s.newest == nil:
		return "its new ReplicaSet is not there"
	case int(status.UpdatedReplicas) != want || len(s.fresh) != want:
		return fmt.Sprintf("%d of %d new pods are there", len(s.fresh), want)
	case available < want:
		return fmt.Sprintf("%d of %d new pods are available", available, want)
	case old > 0:
		return fmt.Sprintf("%d old pods still run", old)
	}
	return ""
}

func ready(pod core.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c core.PodCondition) bool {
		return c.Type == core.PodReady && c.Status == core.ConditionTrue
	})
}

// state says what a pod that is not ready is doing.
func state(pod core.Pod) string {
	if t, found := troubleOf(pod); found {
		return t.String()
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == core.PodScheduled && c.Status == core.ConditionFalse {
			return c.Reason + " " + c.Message
		}
	}
	for _, status := range statuses(pod) {
		switch {
		case status.State.Waiting != nil && status.State.Waiting.Reason != "":
			return "container " + status.Name + " is waiting: " + status.State.Waiting.Reason
		case status.State.Running != nil && !status.Ready:
			return "container " + status.Name + " is not ready"
		}
	}
	return "not ready"
}

// statuses are those of all containers, in the order in which they start.
func statuses(pod core.Pod) []core.ContainerStatus {
	return slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses)
}
